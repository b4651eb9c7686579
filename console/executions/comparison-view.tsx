/** A replay beside the run that it replays: in a sentence, in figures, what of the skill was other, and turn by turn. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { diffWordsWithSpace } from 'diff';
import { isFinal, isRehearsed } from '../../src/contract/execution-status.ts';
import type { ExecutionSummary } from '../../src/contract/executions.ts';
import type { ComparedStep, Comparison } from '../../src/contract/replay.ts';
import { comparisonQuery } from '../api/queries.ts';
import { count, duration, money } from '../ui/format.ts';
import { Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Side } from '../ui/side.tsx';
import { ExecutionStatusMark } from '../ui/status.tsx';
import { Ago } from '../ui/time.tsx';
import { t } from '../words/t.ts';
import { sideNames, TurnPair } from './comparison-turn.tsx';

export function ComparisonView({ id }: { id: string }) {
  const comparison = useQuery(comparisonQuery(id));
  if (comparison.error) return <ProblemNote error={comparison.error} />;
  if (!comparison.data) return <SkeletonRows rows={6} className="h-16" />;
  const it = comparison.data;
  return (
    <div className="space-y-5">
      <section
        aria-label={t('In short')}
        className="overflow-hidden rounded-xl border border-line bg-surface"
      >
        <p role="status" className="px-4 py-3.5 text-[15px] leading-relaxed">
          <span className="font-medium">{verdictOf(it)}</span>{' '}
          <span className="text-ink-2">{callsInWords(it.calls)}</span>
        </p>
        <Figures comparison={it} />
      </section>
      <Gone comparison={it} />
      {it.replay.error === null ? null : (
        <p role="alert" className="rounded-xl border border-bad/30 bg-bad-soft px-4 py-3 break-words">
          {it.replay.error}{' '}
          <code className="font-mono text-[12.5px] whitespace-nowrap">{it.replay.errorCode}</code>
        </p>
      )}
      <SkillDifferences differences={it.definition} />
      {it.steps.map((step) => (
        <StepPanel key={step.id} step={step} />
      ))}
    </div>
  );
}

function verdictOf({ replay, isSame, steps }: Comparison): string {
  if (!isFinal(replay.status)) return t('The replay goes on still; this page follows it.');
  if (isSame) return t('Both said and did the same.');
  const turns = steps.flatMap((step) => step.turns);
  const other = turns.filter(({ differs }) => differs.length > 0).length;
  return other === 0
    ? t('They ended differently.')
    : t('They differ in {other} of {turns, plural, one {# turn} other {# turns}}.', {
        other,
        turns: turns.length,
      });
}

function callsInWords({ recorded, same, other, none }: Comparison['calls']): string {
  if (recorded === 0 && none === 0) return t('No tool was called in either.');
  return [
    t(
      'No tool was called: of {recorded, plural, one {# recorded answer} other {# recorded answers}}, {same} went to the same call',
      { recorded, same },
    ),
    ...(other === 0 ? [] : [t('{other} to one with other arguments', { other })]),
    ...(none === 0
      ? []
      : [
          t('{none, plural, one {# call had none and was} other {# calls had none and were}} not made', {
            none,
          }),
        ]),
  ]
    .join(', ')
    .concat('.');
}

function Figures({ comparison: { original, replay } }: { comparison: Comparison }) {
  const rows: readonly (readonly [string, (run: ExecutionSummary) => React.ReactNode])[] = [
    [t('Ended'), (run) => <ExecutionStatusMark status={run.status} bare />],
    [t('Version'), (run) => run.skillVersion],
    [t('Model'), (run) => (isRehearsed(run) ? t('rehearsal') : (run.model ?? t('none')))],
    [t('Took'), (run) => (run.durationMs === null ? '…' : duration(run.durationMs))],
    [t('Tokens'), (run) => count(run.tokenCount)],
    [t('Cost'), costOf],
  ];
  return (
    <table className="w-full table-fixed border-t border-line text-left">
      <thead className="text-[13px] text-ink-2">
        <tr>
          <th className="w-20 px-4 py-2 font-normal sm:w-32">
            <span className="sr-only">{t('Figure')}</span>
          </th>
          <Head run={original} name={sideNames.original} />
          <Head run={replay} name={sideNames.replay} />
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, of]) => (
          <tr key={name} className="border-t border-line">
            <th scope="row" className="px-4 py-2 text-[13px] font-normal text-ink-2">
              {name}
            </th>
            <td className="px-2 py-2 break-words tabular-nums">{of(original)}</td>
            <td className="px-2 py-2 break-words tabular-nums">{of(replay)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const Head = ({ run, name }: { run: ExecutionSummary; name: string }) => (
  <th scope="col" className="px-2 py-2 font-normal">
    <Link
      to="/executions/$id"
      params={{ id: run.id }}
      className="font-medium text-ink underline-offset-2 hover:underline"
    >
      {name}
    </Link>
    , <Ago at={run.createdAt} />
  </th>
);

const costOf = (run: ExecutionSummary): string =>
  isRehearsed(run) ? t('nothing') : run.costUsd === null ? t('unpriced') : money(run.costUsd);

function Gone({ comparison: { original, replay } }: { comparison: Comparison }) {
  const [isFirst, isSecond] = [original.purgedAt !== null, replay.purgedAt !== null];
  if (!isFirst && !isSecond) return null;
  return (
    <p className="rounded-xl border border-wait/40 bg-wait-soft px-4 py-3">
      {t(
        '{which, select, both {What the run that was replayed and the replay said and did was purged, so each side is empty.} replay {What the replay said and did was purged, so its side is empty.} other {What the run that was replayed said and did was purged, so its side is empty.}} How long content is kept stands in the settings.',
        { which: isFirst ? (isSecond ? 'both' : 'run') : 'replay' },
      )}
    </p>
  );
}

function SkillDifferences({ differences }: { differences: Comparison['definition'] }) {
  if (differences === null || differences.length === 0) return null;
  return (
    <Panel title={t('What of the skill is other')}>
      <div className="space-y-3">
        {differences.map(({ field, before, after }) => {
          const changes = diffWordsWithSpace(textOf(before) ?? '', textOf(after) ?? '');
          return (
            <div key={field} className="space-y-1">
              <h3 className="text-[13px] text-ink-2">{nameOf(field)}</h3>
              <div className="grid gap-2 md:grid-cols-2 md:gap-3">
                <Side
                  of={sideNames.original}
                  changes={before === undefined ? undefined : changes}
                  side="removed"
                />
                <Side
                  of={sideNames.replay}
                  changes={after === undefined ? undefined : changes}
                  side="added"
                />
              </div>
            </div>
          );
        })}
      </div>
    </Panel>
  );
}

const textOf = (value: unknown): string | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value, null, 2);

/** `/steps/1/prompt` as `step 1, prompt`. */
const nameOf = (pointer: string): string =>
  pointer
    .slice(1)
    .replace(/^steps\/(\d+)/, 'step $1')
    .replaceAll('/', ', ');

function StepPanel({ step }: { step: ComparedStep }) {
  const missing = step.status.replay === null ? t('not in the replay') : t('only in the replay');
  const isInBoth = step.status.original !== null && step.status.replay !== null;
  return (
    <Panel
      flush
      title={t('Step {id}', { id: step.id })}
      aside={
        <span className="text-[13px] text-ink-2">
          {isInBoth ? (step.isSame ? t('the same in both') : t('differs')) : missing}
        </span>
      }
    >
      {step.turns.length === 0 ? (
        <p className="px-4 py-3 text-ink-2">{t('Nothing was said in it.')}</p>
      ) : (
        <>
          <div
            aria-hidden="true"
            className="hidden grid-cols-2 gap-3 border-b border-line px-4 py-2 text-[13px] text-ink-2 md:grid"
          >
            <span>{sideNames.original}</span>
            <span>{sideNames.replay}</span>
          </div>
          <ol className="divide-y divide-line">
            {step.turns.map((pair, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a pair is its place
              <TurnPair key={index} pair={pair} number={index + 1} />
            ))}
          </ol>
        </>
      )}
    </Panel>
  );
}
