/** The model, limits, tokens, and how the console looks. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { ConfigEntry } from '../../src/contract/config.ts';
import { configQuery } from '../api/queries.ts';
import { ModelForm } from '../forms/model-form.tsx';
import { usePutConfig } from '../forms/put-config.ts';
import { applyTheme, readTheme, type Theme, themes } from '../layout/theme.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Field, Input } from '../ui/field.tsx';
import { PageHead, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { SigningIn } from './settings-sign-in.tsx';
import { Tokens } from './settings-tokens.tsx';

export function SettingsPage() {
  const config = useQuery(configQuery);
  return (
    <>
      <PageHead title="Settings" />
      <div className="max-w-3xl space-y-5">
        <Panel title="Model">
          <ModelForm />
        </Panel>
        {config.isPending ? <SkeletonRows rows={3} /> : null}
        {config.error ? <ProblemNote error={config.error} /> : null}
        {config.data ? <Limits config={config.data} /> : null}
        <SigningIn />
        <Tokens />
        <Appearance />
        <p className="px-1 text-ink-2">
          What your provider is told, and what they may do here, stands on a page of its own:{' '}
          <Link to="/core" className="font-medium text-accent hover:underline">
            Core
          </Link>
          .
        </p>
      </div>
    </>
  );
}

const limits = [
  {
    key: 'max_cost_per_run_usd',
    label: 'A run may cost, in dollars',
    hint: 'Checked before each call of the model.',
  },
  {
    key: 'max_cost_per_day_usd',
    label: 'A day may cost, in dollars',
    hint: 'What would pass it is stopped before it is spent.',
  },
  { key: 'max_cost_per_month_usd', label: 'A month may cost, in dollars', hint: 'Likewise.' },
  {
    key: 'run_timeout_ms',
    label: 'A run may take, in milliseconds',
    hint: 'Unless its skill says otherwise.',
  },
  {
    key: 'timezone',
    label: 'Time zone',
    hint: 'Schedules, days and months are counted in it: Europe/Berlin, say.',
  },
  { key: 'notify_webhook_url', label: 'Tell this address', hint: 'When a run failed, or waits for you.' },
] as const;

function Limits({ config }: { config: ConfigEntry[] }) {
  const put = usePutConfig();
  const [texts, setTexts] = useState<Record<string, string>>({});
  const changed = Object.entries(texts).map(([key, value]) => ({ key, value }));
  const save = (event: FormEvent) => {
    event.preventDefault();
    put.mutate(changed, { onSuccess: () => setTexts({}) });
  };
  return (
    <Panel title="Limits and time">
      <form id="limits" onSubmit={save} className="space-y-4">
        <div className="grid gap-4 sm:grid-cols-2">
          {limits.map(({ key, label, hint }) => (
            <Field key={key} label={label} hint={hint}>
              {(props) => (
                <Input
                  {...props}
                  value={texts[key] ?? config.find((entry) => entry.key === key)?.value ?? ''}
                  onChange={(event) => setTexts({ ...texts, [key]: event.target.value })}
                />
              )}
            </Field>
          ))}
        </div>
        {put.error ? <ProblemNote error={put.error} /> : null}
        <Button type="submit" look="primary" busy={put.isPending} disabled={changed.length === 0}>
          Save
        </Button>
      </form>
    </Panel>
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
