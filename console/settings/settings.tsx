/** The model, limits, tokens, and how the console looks. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { configQuery, settingsQuery } from '../api/queries.ts';
import { applyTheme, readTheme, type Theme, themes } from '../layout/theme.ts';
import { cx } from '../ui/cx.ts';
import { PageHead, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Channels } from './channels/channels.tsx';
import { ModelForm } from './model-form.tsx';
import { Apps } from './settings-apps.tsx';
import { OnPhone } from './settings-phone.tsx';
import { Sessions } from './settings-sessions.tsx';
import { SigningIn } from './settings-sign-in.tsx';
import { Tokens } from './settings-tokens.tsx';
import { panels, Values } from './settings-values.tsx';

export function SettingsPage() {
  const config = useQuery(configQuery);
  const settings = useQuery(settingsQuery);
  const error = config.error ?? settings.error;
  return (
    <>
      <PageHead
        title="Settings"
        help="operations#settings"
        lead="What Alfred may spend, how long it may take, what it keeps, and who can reach it."
      />
      <div className="gap-8 lg:grid lg:grid-cols-[10rem_minmax(0,48rem)]">
        <Sections />
        <div className="min-w-0 space-y-5">
          <Panel id="model" title="Model">
            <ModelForm />
          </Panel>
          {config.isPending || settings.isPending ? <SkeletonRows rows={3} /> : null}
          {error ? <ProblemNote error={error} /> : null}
          {config.data && settings.data ? <Values settings={settings.data} config={config.data} /> : null}
          <Channels />
          <OnPhone />
          <SigningIn />
          <Sessions />
          <Apps />
          <Tokens />
          <Appearance />
          <p className="px-1 text-ink-2">
            Two more pages: what is sealed and under which key, in the{' '}
            <Link to="/vault" className="font-medium text-accent hover:underline">
              Vault
            </Link>
            ; what your provider is told and may do here, under{' '}
            <Link to="/core" className="font-medium text-accent hover:underline">
              Core
            </Link>
            .
          </p>
        </div>
      </div>
    </>
  );
}

const sections = [
  ['model', 'Model'],
  ...panels.map(({ panel, title }) => [panel, title] as const),
  ['notices', 'Notices'],
  ['phone', 'On your phone'],
  ['signing-in', 'Signing in'],
  ['sessions', 'Signed in'],
  ['apps', 'Apps'],
  ['tokens', 'Access tokens'],
  ['appearance', 'Appearance'],
] as const;

/** Links to the sections, where there is room beside them. */
const Sections = () => (
  <nav aria-label="Sections of the settings" className="sticky top-8 hidden self-start lg:block">
    <ul className="space-y-0.5">
      {sections.map(([id, title]) => (
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

function Appearance() {
  const [theme, setTheme] = useState(readTheme);
  const choose = (next: Theme) => {
    applyTheme(next);
    setTheme(next);
  };
  return (
    <Panel id="appearance" title="Appearance">
      <div role="radiogroup" aria-label="Theme" className="flex flex-wrap gap-2">
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
            {name === 'system' ? 'as the system' : name}
          </label>
        ))}
      </div>
    </Panel>
  );
}
