/** The model, limits, tokens, and how the console looks. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { configQuery, settingsQuery } from '../api/queries.ts';
import { applyTheme, readTheme, type Theme, themes } from '../layout/theme.ts';
import { cx } from '../ui/cx.ts';
import { PageHead, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { ModelForm } from './model-form.tsx';
import { Apps } from './settings-apps.tsx';
import { SigningIn } from './settings-sign-in.tsx';
import { Tokens } from './settings-tokens.tsx';
import { Values } from './settings-values.tsx';

export function SettingsPage() {
  const config = useQuery(configQuery);
  const settings = useQuery(settingsQuery);
  const error = config.error ?? settings.error;
  return (
    <>
      <PageHead title="Settings" />
      <div className="max-w-3xl space-y-5">
        <Panel title="Model">
          <ModelForm />
        </Panel>
        {config.isPending || settings.isPending ? <SkeletonRows rows={3} /> : null}
        {error ? <ProblemNote error={error} /> : null}
        {config.data && settings.data ? <Values settings={settings.data} config={config.data} /> : null}
        <SigningIn />
        <Apps />
        <Tokens />
        <Appearance />
        <p className="px-1 text-ink-2">
          Two pages of their own: what is sealed and under which key, in the{' '}
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
    </>
  );
}

function Appearance() {
  const [theme, setTheme] = useState(readTheme);
  const choose = (next: Theme) => {
    applyTheme(next);
    setTheme(next);
  };
  return (
    <Panel title="Appearance">
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
