/** The model, limits, tokens, and how the console looks. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { ConfigEntry } from '../../src/contract/config.ts';
import type { ModelTest } from '../../src/contract/model.ts';
import { api } from '../api/client.ts';
import { configQuery, modelQuery } from '../api/queries.ts';
import { applyTheme, readTheme, type Theme, themes } from '../layout/theme.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Field, Input } from '../ui/field.tsx';
import { duration, money } from '../ui/format.ts';
import { PageHead, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { say } from '../ui/toast.tsx';
import { Tokens } from './settings-tokens.tsx';

export function SettingsPage() {
  const config = useQuery(configQuery);
  return (
    <>
      <PageHead title="Settings" />
      <div className="max-w-3xl space-y-5">
        <ModelPart />
        {config.isPending ? <SkeletonRows rows={3} /> : null}
        {config.error ? <ProblemNote error={config.error} /> : null}
        {config.data ? <Limits config={config.data} /> : null}
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

function usePut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (entries: { key: string; value: string }[]) => {
      for (const { key, value } of entries) {
        if (value === '') await api('DELETE', `/api/v1/config/${key}`).catch(unlessMissing);
        else await api('PUT', `/api/v1/config/${key}`, { value });
      }
    },
    onSuccess: () => say('Saved'),
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ['config'] });
      await queries.invalidateQueries({ queryKey: ['model'] });
    },
  });
}

/** Taking away what is not there is done already. */
function unlessMissing(error: unknown): void {
  if ((error as { problem?: { status: number } }).problem?.status !== 404) throw error;
}

function ModelPart() {
  const model = useQuery(modelQuery);
  const put = usePut();
  const [key, setKey] = useState('');
  const [name, setName] = useState<string>();
  const [url, setUrl] = useState<string>();
  const test = useMutation({ mutationFn: () => api<ModelTest>('POST', '/api/v1/model/test') });
  const save = (event: FormEvent) => {
    event.preventDefault();
    // The address first: changing it drops the key of the one before.
    const entries = [
      ...(url === undefined ? [] : [{ key: 'model_base_url', value: url }]),
      ...(key === '' ? [] : [{ key: 'anthropic_api_key', value: key }]),
      ...(name === undefined ? [] : [{ key: 'model', value: name }]),
    ];
    put.mutate(entries, {
      onSuccess: () => {
        setKey('');
        test.mutate();
      },
    });
  };
  return (
    <Panel title="Model">
      <form id="model" onSubmit={save} className="space-y-4">
        <Field
          label="API key"
          hint={
            model.data?.hasApiKey
              ? 'One is sealed in the vault. Type another to replace it; it is never shown again.'
              : 'Sealed at once and never shown again. Without one, everything is rehearsed.'
          }
        >
          {(props) => (
            <Input
              {...props}
              type="password"
              autoComplete="off"
              value={key}
              onChange={(event) => setKey(event.target.value)}
            />
          )}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Model" hint="“rehearsal” is the built-in one.">
            {(props) => (
              <Input
                {...props}
                value={name ?? model.data?.model ?? ''}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Field
            label="Address"
            hint="Any endpoint that speaks the Messages API. Another address drops the key."
          >
            {(props) => (
              <Input
                {...props}
                type="url"
                value={url ?? model.data?.baseUrl ?? ''}
                onChange={(event) => setUrl(event.target.value)}
              />
            )}
          </Field>
        </div>
        {put.error ? <ProblemNote error={put.error} /> : null}
        <div className="flex flex-wrap gap-2">
          <Button
            look="primary"
            type="submit"
            busy={put.isPending}
            disabled={key === '' && name === undefined && url === undefined}
          >
            Save and try
          </Button>
          <Button busy={test.isPending} onClick={() => test.mutate()}>
            Try the model
          </Button>
        </div>
        {test.error ? <ProblemNote error={test.error} /> : null}
        {test.data ? (
          <div
            role="status"
            className={cx(
              'rounded-lg border px-4 py-3',
              test.data.ok ? 'border-good/30 bg-good-soft' : 'border-bad/30 bg-bad-soft',
            )}
          >
            <p className="font-medium">{test.data.message}</p>
            {test.data.remedy ? <p className="text-ink-2">{test.data.remedy}</p> : null}
            <p className="text-[13px] text-ink-2">
              {test.data.model}, {duration(test.data.durationMs)}
              {test.data.rehearsal || test.data.costUsd === null ? '' : `, ${money(test.data.costUsd)}`}
            </p>
          </div>
        ) : null}
      </form>
    </Panel>
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
  const put = usePut();
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
