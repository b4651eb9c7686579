/** One execution in a list: what started it, its skill's name, what came of it, how long it took, what it cost, when. */
import { Link } from '@tanstack/react-router';
import { isFinal, isRehearsed } from '../../src/contract/execution-status.ts';
import type { ExecutionSummary, ListedExecution } from '../../src/contract/executions.ts';
import { triggers } from '../../src/contract/trigger-types.ts';
import { cx } from '../ui/cx.ts';
import { clock, duration, exactTime, shortMoney } from '../ui/format.ts';
import { Marked } from '../ui/marked.tsx';
import { ExecutionStatusMark, modeWord, UnreadDot } from '../ui/status.tsx';
import { triggerPictures } from '../ui/trigger-pictures.ts';
import { t, told } from '../words/t.ts';
import { MarkSigns } from './marks.tsx';

export type SkillNames = ReadonlyMap<string, string>;

export const namesOf = (skills: readonly { slug: string; name: string }[] = []): SkillNames =>
  new Map(skills.map(({ slug, name }) => [slug, name]));

/** The duration that a bar of full length stands for, in milliseconds. */
export const longestOf = (rows: readonly ExecutionSummary[]): number =>
  Math.max(1, ...rows.map(({ durationMs }) => durationMs ?? 0));

export function ExecutionRow({
  row,
  names,
  longest,
  words,
}: {
  row: ListedExecution;
  names: SkillNames;
  longest: number;
  words?: string | undefined;
}) {
  const { icon, words: began } = triggers[row.trigger];
  const startedBy = told(began);
  const Picture = triggerPictures[icon];
  const when = (
    <time
      dateTime={row.createdAt}
      title={exactTime(row.createdAt)}
      className="whitespace-nowrap tabular-nums"
    >
      {clock(row.createdAt)}
    </time>
  );
  return (
    <Link
      to="/executions/$id"
      params={{ id: row.id }}
      className="grid h-full grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-3 border-b border-line px-4 text-[13px] text-ink-2 hover:bg-hover sm:grid-cols-[1rem_minmax(0,1fr)_7.5rem_7.5rem_4.5rem_4.25rem]"
    >
      <Picture aria-label={startedBy} className="size-4 text-ink-3" />
      <span className="min-w-0">
        <span className="flex items-baseline gap-2">
          {row.unread ? <UnreadDot /> : null}
          <span className={cx('truncate text-base text-ink', row.unread ? 'font-semibold' : 'font-medium')}>
            <Marked text={names.get(row.skillSlug) ?? row.skillSlug} words={words} />
          </span>
          {row.mode === 'live' ? null : <span className="text-xs text-ink-3">{modeWord(row.mode)}</span>}
          <MarkSigns mark={row.mark} />
        </span>
        <span className="block truncate">
          <Marked text={lineOf(row, startedBy)} words={words} />
        </span>
      </span>
      <span className="flex flex-col items-end gap-0.5 sm:hidden">
        {when}
        {row.status === 'succeeded' ? <Cost row={row} /> : <ExecutionStatusMark status={row.status} bare />}
      </span>
      <span className="hidden sm:block">
        <ExecutionStatusMark status={row.status} bare quiet />
      </span>
      <Took ms={row.durationMs} longest={longest} isBad={row.status === 'failed'} />
      <span className="hidden text-right sm:block">
        <Cost row={row} />
      </span>
      <span className="hidden text-right sm:block">{when}</span>
    </Link>
  );
}

function lineOf(
  { error, headline, purgedAt, status, skillVersion }: ListedExecution,
  startedBy: string,
): string {
  if (error !== null) return error;
  if (headline !== null) return headline;
  if (purgedAt !== null) return t('What came of it is not kept any more.');
  return isFinal(status)
    ? t('It ended without a word.')
    : t('Started {startedBy}, version {skillVersion}', { startedBy, skillVersion });
}

const Cost = ({ row }: { row: ListedExecution }) => (
  <span className="whitespace-nowrap tabular-nums">
    {!isFinal(row.status) || isRehearsed(row)
      ? ''
      : row.costUsd === null
        ? t('no price')
        : shortMoney(row.costUsd)}
  </span>
);

/** A bar beside the figure: of two that took unlike, the eye sees it at once. */
const Took = ({ ms, longest, isBad }: { ms: number | null; longest: number; isBad: boolean }) => (
  <span className="hidden items-center justify-end gap-2 sm:flex">
    {ms === null ? null : (
      <>
        <span aria-hidden="true" className="h-1 w-15 overflow-hidden rounded-full bg-hover">
          <span
            className={cx('block h-full min-w-0.5 rounded-full', isBad ? 'bg-bad' : 'bg-line-strong')}
            style={{ width: `${Math.round((100 * ms) / longest)}%` }}
          />
        </span>
        <span className="min-w-12 shrink-0 text-right whitespace-nowrap tabular-nums">{duration(ms)}</span>
      </>
    )}
  </span>
);
