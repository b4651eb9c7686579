/** One line of the waterfall: what it was, where on the line of time, how long, what it used; it opens to what lies behind it. */

import { type ReactNode, useId, useState } from 'react';
import type { Usage } from '../../src/contract/executions.ts';
import { workedBy } from '../api/run-pauses.ts';
import type { RunView } from '../api/run-shapes.ts';
import { readTokensOf } from '../api/run-turns.ts';
import { cx } from '../ui/cx.ts';
import { duration, money, shortCount } from '../ui/format.ts';
import { ChevronRight } from '../ui/more-icons.tsx';

/** Of every line, and of the heading above them. */
export const columns =
  'grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 px-3 md:grid-cols-[minmax(0,1fr)_minmax(9rem,34%)_4.5rem_var(--tokens)_var(--cost)] md:px-4';

/** Of what lies in a step. While the whole grows all bars change their length: those that nobody sees are left for later. */
export const itemClass =
  'border-t border-line/60 [contain-intrinsic-size:auto_2.4rem] [content-visibility:auto]';

export type Span = {
  /** Since the run began, without its pauses, in milliseconds. */
  start: number;
  ms: number;
  isOver: boolean;
};

/** Where something lies on the line of time. */
export function spanOf(
  { pauses }: Pick<RunView, 'pauses'>,
  from: number,
  startedAt: number,
  finishedAt: number | undefined,
  now: number | undefined,
): Span {
  const start = workedBy(pauses, from, startedAt);
  const end = workedBy(pauses, from, finishedAt ?? now ?? startedAt);
  return { start, ms: Math.max(0, end - start), isOver: finishedAt !== undefined || now === undefined };
}

const tones = { step: 'bg-line-strong', turn: 'bg-accent', tool: 'bg-ink-3', bad: 'bg-bad' } as const;

export function Row({
  icon,
  name,
  note,
  depth,
  tone,
  span,
  usage,
  isFree,
  isStrong = false,
  children,
}: {
  icon: ReactNode;
  name: ReactNode;
  note?: ReactNode;
  depth: 0 | 1 | 2;
  tone: keyof typeof tones;
  span: Span | undefined;
  usage?: Usage | undefined;
  /** Nothing is paid for it, whatever it used. */
  isFree: boolean;
  isStrong?: boolean;
  /** Drawn when it is opened. */
  children: () => ReactNode;
}) {
  const [isOpen, setOpen] = useState(false);
  const behind = useId();
  const cost = usage && !isFree && usage.costUsd !== null && usage.costUsd > 0 ? money(usage.costUsd) : '';
  const tokens = usage === undefined ? '' : tokensWord(usage);
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={isOpen ? behind : undefined}
        onClick={() => setOpen(!isOpen)}
        className={cx(
          columns,
          'w-full items-center gap-y-1 py-1.5 text-left hover:bg-hover',
          isStrong && 'bg-sunken/60',
        )}
      >
        <span className={cx('flex min-w-0 items-center gap-2', depths[depth])}>
          <ChevronRight
            aria-hidden="true"
            className={cx('size-3.5 shrink-0 text-ink-3 transition-transform', isOpen && 'rotate-90')}
          />
          <span className="shrink-0">{icon}</span>
          <span className="min-w-0 truncate">
            {name} {note ? <span className="ml-1 text-[13px] text-ink-2">{note}</span> : null}
          </span>
        </span>
        <Bar span={span} tone={tone} isThin={isStrong} />
        <span className="text-right text-[13px] text-ink-2 tabular-nums">
          {span === undefined ? '' : duration(span.ms)}
        </span>
        <span className="hidden text-right text-[13px] text-ink-2 tabular-nums md:block">{tokens}</span>
        <span className="hidden text-right text-[13px] text-ink-2 tabular-nums md:block">{cost}</span>
      </button>
      {isOpen ? (
        <div id={behind} className="space-y-3 border-y border-line bg-page/60 px-3 py-3 md:pr-4 md:pl-12">
          {children()}
        </div>
      ) : null}
    </div>
  );
}

const depths = { 0: '', 1: 'pl-3 md:pl-5', 2: 'pl-6 md:pl-10' } as const;

/** Where it lies on the line of time. The length of the whole stands around the list: a longer one draws no row anew. */
const Bar = ({
  span,
  tone,
  isThin,
}: {
  span: Span | undefined;
  tone: keyof typeof tones;
  isThin: boolean;
}) => (
  <span
    aria-hidden="true"
    className="relative order-last col-span-2 h-1 self-stretch md:order-none md:col-span-1 md:-my-1.5 md:h-auto md:bg-[linear-gradient(to_right,var(--color-line)_1px,transparent_1px)] md:bg-size-[calc(var(--tick)/var(--span)*100%)_100%]"
  >
    {span === undefined ? null : (
      <span
        className={cx(
          'absolute inset-y-0 my-auto min-w-1 rounded-full',
          isThin ? 'h-1' : 'h-1 md:h-2',
          tones[tone],
          !span.isOver && 'animate-pulse-soft',
        )}
        style={{
          left: `min(99%, ${span.start} / var(--span) * 100%)`,
          width: `calc(${span.ms} / var(--span) * 100%)`,
          maxWidth: `calc(100% - min(99%, ${span.start} / var(--span) * 100%))`,
        }}
      />
    )}
  </span>
);

/** Read and written: `5.0K → 140`. */
function tokensWord(usage: Usage): string {
  const read = readTokensOf(usage);
  return read + usage.outputTokens === 0 ? '' : `${shortCount(read)} → ${shortCount(usage.outputTokens)}`;
}

/** A part of what lies behind a row. */
export const Part = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="min-w-0">
    <p className="mb-1 text-[13px] font-medium text-ink-2">{name}</p>
    {children}
  </div>
);

/** Small facts in a line. */
export const Facts = ({ facts }: { facts: readonly (string | false | undefined)[] }) => (
  <p className="text-[13px] text-ink-2 tabular-nums">{facts.filter(Boolean).join(' · ')}</p>
);
