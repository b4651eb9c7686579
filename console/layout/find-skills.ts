/** Each skill, and what is done with it, for whoever looks for it by typing. */
import { useNavigate } from '@tanstack/react-router';
import type { Skill } from '../../src/contract/skills.ts';
import { raisedFrom, type SkillCapField } from '../skills/met-cap.ts';
import { pausedUntilOf, pauseWords } from '../skills/paused.ts';
import { useGoBack } from '../skills/use-go-back.ts';
import { useRaise } from '../skills/use-raise.ts';
import { useSetPause } from '../skills/use-set-pause.ts';
import { dayTime, money } from '../ui/format.ts';
import { ChartColumn, Sparkles } from '../ui/icons.tsx';
import { CirclePause, Play, RotateCcw } from '../ui/more-icons.tsx';
import { t } from '../words/t.ts';
import type { Entry, Section } from './find-settings.ts';
import { wordsOf } from './find-words.ts';

export function useSkills(
  skills: readonly Pick<Skill, 'slug' | 'name' | 'isActive' | 'triggerType' | 'triggerConfig'>[],
): Section {
  const navigate = useNavigate();
  const { mutate: setPause } = useSetPause();
  const active = skills.filter(({ isActive }) => isActive);
  const toSee = skills.map(({ slug, name, isActive }) => ({
    key: `skill ${slug}`,
    words: `skill ${name} ${slug}`,
    label: name,
    icon: Sparkles,
    act: () => navigate({ to: `/skills/${slug}` }),
    ...(isActive ? {} : { note: t('draft') }),
  }));
  const toRun = active.map(({ slug, name }) => ({
    key: `run ${slug}`,
    words: `run ${name} ${slug}`,
    label: t('Run {name}', { name }),
    icon: Play,
    act: () => navigate({ to: `/skills/${slug}?run=true` }),
  }));
  const also = t('pause holiday vacation away rest skip stop resume');
  const scheduled = active.filter(({ triggerType }) => triggerType === 'schedule');
  const toPause = scheduled.map((skill): Entry => {
    const { slug, name } = skill;
    const paused = pausedUntilOf(skill);
    const shared = { key: `pause ${slug}`, words: `${also} skill ${name} ${slug}` };
    return paused === undefined
      ? {
          ...shared,
          label: t('Pause {name}…', { name }),
          icon: CirclePause,
          act: () => navigate({ to: '/skills/$slug', params: { slug }, hash: 'pause' }),
        }
      : {
          ...shared,
          label: t('Resume {name}', { name }),
          note: pauseWords(paused),
          icon: RotateCcw,
          act: () =>
            setPause({
              slug,
              until: null,
              said: t('{name} starts by its schedule again', { name }),
              before: paused,
            }),
        };
  });
  return { heading: t('Skills'), items: [...toSee, ...toRun, ...toPause] };
}

type Capped = Pick<Skill, 'id' | 'slug' | 'name' | 'version' | 'isSystem' | SkillCapField>;

const capFields = ['maxCostUsd', 'maxCostPerDayUsd', 'maxCostPerMonthUsd'] as const;
const hasCap = (skill: Capped): boolean => capFields.some((field) => skill[field] !== null);

/**
 * Where the caps of a skill are changed: of those that are named, and of those that have one. Those that are named are raised from here,
 * too: beneath, so that nobody does it by pressing Enter too soon.
 */
export function useLimits(typed: string, skills: readonly Capped[]): Section {
  const navigate = useNavigate();
  const words = wordsOf(typed);
  const { mutate: raiseCap } = useRaise();
  const isNamed = ({ name }: Capped) => words.some((word) => name.toLowerCase().includes(word));
  const capWords = `${t('cap limit budget raise more money stopped')} ${t('Raise what it may cost')}`;
  const items = skills
    .filter((skill) => isNamed(skill) || hasCap(skill))
    .sort((one, other) => Number(isNamed(other)) - Number(isNamed(one)))
    .map(({ slug, name }) => ({
      key: `limits ${slug}`,
      words: `${capWords} ${name} ${slug}`,
      label: t('Caps of {name}', { name }),
      icon: ChartColumn,
      act: () => navigate({ to: '/skills/$slug/edit', params: { slug }, hash: 'limits' }),
    }));
  const raises = skills
    .filter((skill) => isNamed(skill) && !skill.isSystem)
    .flatMap((skill) =>
      capFields.flatMap((field): Entry[] => {
        const capUsd = skill[field];
        if (capUsd === null) return [];
        const raise = { field, capUsd, toUsd: raisedFrom(capUsd) };
        return [
          {
            key: `raise ${field} ${skill.slug}`,
            words: `${capWords} ${skill.name} ${skill.slug}`,
            label: raiseWords(field, { name: skill.name, amount: money(raise.toUsd) }),
            note: money(capUsd),
            icon: ChartColumn,
            act: () => raiseCap({ raise, skill }),
          },
        ];
      }),
    );
  return { heading: t('Caps of single skills'), items: [...items, ...raises] };
}

const raiseWords = (field: SkillCapField, values: { name: string; amount: string }): string =>
  ({
    maxCostUsd: t('Raise one run of {name} to {amount}', values),
    maxCostPerDayUsd: t('Raise a day of {name} to {amount}', values),
    maxCostPerMonthUsd: t('Raise a month of {name} to {amount}', values),
  })[field];

/** So long a change may be ago that is offered to be undone. */
const undoneWithinMs = 7 * 86_400_000;

/** The way back from the latest change of a skill. */
export function useUndo(
  skills: readonly Pick<Skill, 'slug' | 'name' | 'version' | 'updatedAt' | 'isSystem'>[],
): Entry[] {
  const { mutate: goBack } = useGoBack();
  return skills
    .filter(
      ({ version, updatedAt, isSystem }) =>
        version > 1 && !isSystem && Date.parse(updatedAt) > Date.now() - undoneWithinMs,
    )
    .sort((one, other) => other.updatedAt.localeCompare(one.updatedAt))
    .slice(0, 1)
    .map(({ slug, name, version, updatedAt }) => ({
      key: `undo ${slug}`,
      words: `${t('undo revert back version restore mistake history')} ${t('Undo a change')} ${name} ${slug}`,
      label: t('Undo the latest change of {name}', { name }),
      note: dayTime(updatedAt),
      icon: RotateCcw,
      act: () => goBack({ slug, version: version - 1 }),
    }));
}
