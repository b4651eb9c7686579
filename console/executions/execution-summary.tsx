/** The head of an execution: what it did in plain words, its figures, what came of it, and what to do where it failed. */
import { Link } from '@tanstack/react-router';
import { isRehearsed } from '../../src/contract/execution-status.ts';
import type { Execution } from '../../src/contract/executions.ts';
import { workedBy } from '../api/run-pauses.ts';
import type { RunView } from '../api/run-shapes.ts';
import { callsOf, summaryOf } from '../api/run-summary.ts';
import { tokensOf } from '../api/run-turns.ts';
import { buttonClass } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { cx } from '../ui/cx.ts';
import { count, duration, money } from '../ui/format.ts';
import { CircleAlert } from '../ui/icons.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import { Panel } from '../ui/panel.tsx';
import { Prose } from '../ui/prose.tsx';
import { useNow } from '../ui/time.tsx';
import { meaningOf, t } from '../words/t.ts';
import { type Help, helpFor } from './execution-help.ts';
import { isCapMet } from './is-cap-met.ts';
import { Marks } from './marks.tsx';

const RaiseAndRun = onDemand(async () => (await import('./raise-and-run.tsx')).RaiseAndRun);

export function Summary({ execution, run }: { execution: Execution; run: RunView }) {
  const now = useNow(1000);
  const [first, ...more] = summaryOf(execution, run, now);
  return (
    <section
      aria-label={t('In short')}
      className="mb-4 overflow-hidden rounded-xl border border-line bg-surface"
    >
      <p className="max-w-4xl px-4 py-3.5 text-[15px] leading-relaxed break-words">
        <span className="font-medium">{first}</span> <span className="text-ink-2">{more.join(' ')}</span>
      </p>
      <Figures execution={execution} run={run} now={now} />
    </section>
  );
}

function Figures({ execution, run, now }: { execution: Execution; run: RunView; now: number }) {
  const ms = execution.durationMs ?? workedBy(run.pauses, run.from ?? now, now);
  const usage = execution.completedAt ? execution.usage : (run.usage ?? execution.usage);
  const isFree = isRehearsed(execution);
  const figures = [
    [t('Took'), duration(ms)],
    [t('Cost'), isFree ? t('nothing') : usage.costUsd === null ? t('unpriced') : money(usage.costUsd)],
    [t('Tokens'), count(tokensOf(usage))],
    [t('Tool calls'), count(callsOf(execution, run).length)],
  ] as const;
  return (
    <dl className="grid grid-cols-2 gap-px border-t border-line bg-line sm:grid-cols-4">
      {figures.map(([name, figure]) => (
        <div key={name} className="flex flex-wrap items-baseline gap-x-2 bg-surface px-4 py-2.5">
          <dt className="text-[13px] text-ink-2">{name}</dt>
          <dd className="font-semibold tabular-nums">{figure}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Outcome({ execution, run }: { execution: Execution; run: RunView }) {
  if (execution.error) return <Failure execution={execution} hasRecord={run.steps.length > 0} />;
  if (!execution.output) return null;
  return (
    <Panel title={t('What came of it')} aside={<CopyButton text={execution.output} look="quiet" size="sm" />}>
      <div className="max-h-[32rem] overflow-y-auto">
        <Prose text={execution.output} />
      </div>
      <div className="-mx-2 mt-3">
        <Marks id={execution.id} mark={execution.mark} />
      </div>
    </Panel>
  );
}

/** @param props.hasRecord whether what it did stands below */
function Failure({ execution, hasRecord }: { execution: Execution; hasRecord: boolean }) {
  const { advice, at, limit, below } = helpFor(execution.errorCode);
  const meaning = meaningOf(execution.errorCode ?? '');
  return (
    <div role="alert" className="flex gap-3 rounded-xl border border-bad/30 bg-bad-soft px-4 py-3">
      <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="min-w-0 space-y-1.5">
        {meaning === undefined ? null : <p className="font-medium">{meaning}</p>}
        <p className={cx('break-words', meaning === undefined && 'font-medium')}>{execution.error}</p>
        <p className="text-ink-2">
          {advice} {hasRecord ? below : null}{' '}
          <code className="font-mono text-[12.5px] whitespace-nowrap">{execution.errorCode}</code>
        </p>
        <div className="flex flex-wrap gap-2 pt-1 empty:hidden">
          {isCapMet(execution) ? <RaiseAndRun execution={execution} /> : null}
          {at === undefined ? null : <Remedy at={at} limit={limit} slug={execution.skillSlug} />}
        </div>
        <div className="-mx-2">
          <Marks id={execution.id} mark={execution.mark} />
        </div>
      </div>
    </div>
  );
}

function Remedy({ at, limit, slug }: { at: NonNullable<Help['at']>; limit: Help['limit']; slug: string }) {
  const look = buttonClass('plain', 'sm');
  if (at === 'skill') {
    return (
      <Link
        to="/skills/$slug/edit"
        params={{ slug }}
        {...(limit === undefined ? {} : { hash: limit })}
        className={look}
      >
        {limit === undefined ? t('Change the skill') : t('Change its limits')}
      </Link>
    );
  }
  const { to, hash, word } = places[at];
  return (
    <Link to={to} {...(hash === undefined ? {} : { hash })} className={look}>
      {word}
    </Link>
  );
}

const places: Record<
  Exclude<NonNullable<Help['at']>, 'skill'>,
  { to: '/settings' | '/' | '/connections'; hash?: string; word: string }
> = {
  settings: { to: '/settings', word: t('Open the settings') },
  spending: { to: '/settings', hash: 'spending', word: t('Change the caps on everything') },
  home: { to: '/', word: t('Go home') },
  connections: { to: '/connections', word: t('See the connections') },
};
