/** The settings: what runs may cost, how long they may take, how long things are kept. */
import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import type { ConfigEntry, KnownSetting, SettingPlace } from '../../src/contract/config.ts';
import { budgetQuery } from '../api/queries.ts';
import { capsOf, SkillCaps } from '../home/skill-caps.tsx';
import { money } from '../ui/format.ts';
import { plain } from '../ui/problem-words.ts';
import { languages } from '../words/language.ts';
import { t, told } from '../words/t.ts';
import { BackupsStand } from './backups-stand.tsx';
import { ConfigForm, type Setting } from './config-form.tsx';
import { shown } from './config-units.ts';
import { titleOf } from './sections.ts';

const panels: { panel: SettingPlace['panel']; more?: ReactNode }[] = [
  { panel: 'language' },
  { panel: 'spending', more: <OwnCaps /> },
  { panel: 'limits' },
  { panel: 'chat' },
  {
    panel: 'keeping',
    more: (
      <p className="text-[13px] text-ink-2">
        {t('What is removed is then only in backups made before. Alfred tidies up every five minutes.')}
      </p>
    ),
  },
  { panel: 'backups', more: <BackupsStand /> },
];

/** The caps of single skills, which are changed where these are edited. */
function OwnCaps() {
  const skills = useQuery(budgetQuery).data?.skills ?? [];
  return capsOf(skills).length === 0 ? null : <SkillCaps spends={skills} />;
}

/** Every setting that has its place here, by panel. */
export function Values({ settings, config }: { settings: KnownSetting[]; config: ConfigEntry[] }) {
  const more = useMore();
  useAskedSetting(settings);
  const isStoreUsed = config.some(({ key, value }) => key === 'backup_to' && value?.startsWith('s3://'));
  const isShown = ({ key }: KnownSetting) => isStoreUsed || !key.startsWith('backup_s3_');
  return panels.map(({ panel, more: below }) => (
    <ConfigForm
      key={panel}
      id={panel}
      title={titleOf(panel)}
      config={config}
      settings={settings
        .filter(isShown)
        .flatMap((setting) =>
          setting.place?.panel === panel
            ? [shownAt(setting, setting.place, settings, more[setting.key])]
            : [],
        )}
    >
      {below}
    </ConfigForm>
  ));
}

/** Goes to the section that the address names, or to one setting, which can be typed into at once. */
function useAskedSetting(settings: KnownSetting[]): void {
  const hash = useLocation({ select: (location) => location.hash });
  useEffect(() => {
    const place = document.getElementById(hash);
    place?.scrollIntoView();
    if (settings.some(({ key }) => key === hash))
      place?.querySelector<HTMLElement>('input, select, button')?.focus({ preventScroll: true });
  }, [hash, settings]);
}

/** What some settings have beside what the contract says of them. */
type More = Pick<Setting, 'choices' | 'options'> & { hint?: string };

function useMore(): Record<string, More> {
  const { day, month } = useQuery(budgetQuery).data ?? {};
  return {
    max_cost_per_day_usd: day
      ? { hint: t('Today so far: {spentUsd}.', { spentUsd: money(day.spentUsd) }) }
      : {},
    max_cost_per_month_usd: month
      ? { hint: t('This month so far: {spentUsd}.', { spentUsd: money(month.spentUsd) }) }
      : {},
    timezone: { choices: Intl.supportedValuesOf('timeZone') },
    language: { options: Object.entries(languages) },
    clock: {
      options: [
        ['24', t('24 hours')],
        ['12', t('12 hours')],
      ],
    },
    currency: { choices: Intl.supportedValuesOf('currency') },
    byte_units: {
      options: [
        ['decimal', t('kB of 1000 bytes')],
        ['binary', t('KiB of 1024 bytes')],
      ],
    },
    backup_to: { hint: t('What a store needs is asked for below once one is set.') },
  };
}

/** Other settings by what they are called here, as their keys are for the terminal; and no example broken over two lines. */
const byLabel = (words: string, settings: readonly KnownSetting[]): string =>
  words.replace(/`([^`]{1,40})`/g, (_, name: string) => {
    const label = settings.find(({ key }) => key === name)?.place?.label;
    return `“${label === undefined ? name.replaceAll(' ', '\u00a0') : told(label)}”`;
  });

function shownAt(
  known: KnownSetting,
  { label, size }: SettingPlace,
  settings: readonly KnownSetting[],
  { hint, ...more }: More = {},
): Setting {
  const unit = size ?? (known.unit === null ? undefined : 1);
  return {
    key: known.key,
    label: told(label),
    hint: plain([byLabel(told(known.words), settings), hint].filter((text) => text !== undefined).join(' ')),
    isSecret: known.secret,
    isSwitch: known.isSwitch,
    isOn: known.default === 'on',
    otherwise:
      known.default === null
        ? told(known.otherwise ?? '').replaceAll('`', '')
        : t('{default}, by default', { default: shown(known.default, unit) }),
    ...(unit === undefined ? {} : { unit }),
    ...more,
  };
}
