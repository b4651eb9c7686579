/** The model, limits, tokens, and how the console looks. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { configQuery, settingsQuery } from '../api/queries.ts';
import { applyTheme, readTheme, type Theme, themes } from '../layout/theme.ts';
import { cx } from '../ui/cx.ts';
import { PageHead, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { rich, t } from '../words/t.ts';
import { Channels } from './channels/channels.tsx';
import { ModelForm } from './model-form.tsx';
import { sections } from './sections.ts';
import { Apps } from './settings-apps.tsx';
import { OnPhone } from './settings-phone.tsx';
import { Sessions } from './settings-sessions.tsx';
import { SigningIn } from './settings-sign-in.tsx';
import { Tokens } from './settings-tokens.tsx';
import { Values } from './settings-values.tsx';
import { WhoStarts } from './who-starts.tsx';

export function SettingsPage() {
  const config = useQuery(configQuery);
  const settings = useQuery(settingsQuery);
  const error = config.error ?? settings.error;
  return (
    <>
      <PageHead
        title={t('Settings')}
        help="operations#settings"
        lead={t('What Alfred may spend, how long it may take, what it keeps, and who can reach it.')}
      />
      <div className="gap-8 lg:grid lg:grid-cols-[10rem_minmax(0,48rem)]">
        <Sections />
        <div className="min-w-0 space-y-5">
          <Panel id="model" title={t('Model')}>
            <ModelForm />
          </Panel>
          {config.isPending || settings.isPending ? <SkeletonRows rows={3} /> : null}
          {error ? <ProblemNote error={error} /> : null}
          {config.data && settings.data ? <Values settings={settings.data} config={config.data} /> : null}
          <Channels />
          <OnPhone />
          <WhoStarts />
          <SigningIn />
          <Sessions />
          <Apps />
          <Tokens />
          <Appearance />
          <p className="px-1 text-ink-2">
            {rich(
              'Two more pages: what is sealed and under which key, in the <link>Vault</link>; what your provider is told and may do here, under <link2>Core</link2>.',
              {
                link: (words) => (
                  <Link to="/vault" className="font-medium text-accent hover:underline">
                    {words}
                  </Link>
                ),
                link2: (words) => (
                  <Link to="/core" className="font-medium text-accent hover:underline">
                    {words}
                  </Link>
                ),
              },
            )}
          </p>
        </div>
      </div>
    </>
  );
}

/** Links to the sections, where there is room beside them. */
const Sections = () => (
  <nav aria-label={t('Sections of the settings')} className="sticky top-8 hidden self-start lg:block">
    <ul className="space-y-0.5">
      {sections.map(({ id, title }) => (
        <li key={id}>
          <Link
            to="/settings"
            hash={id}
            activeOptions={{ includeHash: true }}
            className="block rounded-md px-3 py-1.5 text-ink-2 hover:bg-hover hover:text-ink data-[status=active]:font-medium data-[status=active]:text-ink"
          >
            {title}
          </Link>
        </li>
      ))}
    </ul>
  </nav>
);

const themeWords = { system: t('as the system'), light: t('light'), dark: t('dark') };

function Appearance() {
  const [theme, setTheme] = useState(readTheme);
  const choose = (next: Theme) => {
    applyTheme(next);
    setTheme(next);
  };
  return (
    <Panel id="appearance" title={t('Appearance')}>
      <div role="radiogroup" aria-label={t('Theme')} className="flex flex-wrap gap-2">
        {themes.map((name) => (
          <label
            key={name}
            className={cx(
              'flex h-9 items-center gap-2 rounded-md border px-3 first-letter:uppercase',
              theme === name ? 'border-accent bg-accent-soft' : 'border-line-strong/70',
            )}
          >
            <input
              type="radio"
              name="theme"
              checked={theme === name}
              onChange={() => choose(name)}
              className="accent-accent"
            />
            {themeWords[name]}
          </label>
        ))}
      </div>
    </Panel>
  );
}
