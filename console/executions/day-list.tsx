/** Executions under the days on which they were begun. Only what is in sight is drawn, so that a million rows scroll like ten. */
import { useQuery } from '@tanstack/react-query';
import { defaultRangeExtractor, type Range, useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ComponentProps, useEffect, useMemo, useRef } from 'react';
import type { ListedExecution } from '../../src/contract/executions.ts';
import { skillsQuery } from '../api/queries.ts';
import { money } from '../ui/format.ts';
import { useNow } from '../ui/time.tsx';
import { useIsPrinted } from '../ui/use-is-printed.ts';
import { t } from '../words/t.ts';
import { byDay, type Day } from './by-day.ts';
import { ExecutionRow, longestOf, namesOf } from './execution-row.tsx';

const rowHeight = 60;
const dayHeight = 36;

type Item = { day: Day } | { row: ListedExecution };

export function DayList({
  rows,
  words,
  hasMore,
  onEnd,
}: {
  rows: ListedExecution[];
  /** What was searched for: it is marked. */
  words: string | undefined;
  hasMore: boolean;
  onEnd(): void;
}) {
  const list = useRef<HTMLUListElement>(null);
  const names = namesOf(useQuery(skillsQuery).data);
  const today = new Date(useNow(60_000)).toDateString();
  const items = useMemo(
    () =>
      byDay(rows, Date.parse(today), hasMore).flatMap((day): Item[] => [
        { day },
        ...day.rows.map((row) => ({ row })),
      ]),
    [rows, today, hasMore],
  );
  const longest = useMemo(() => longestOf(rows), [rows]);
  // The same functions as long as the items are: with another one, all items are measured anew at each step of a scroll.
  const measured = useMemo(
    () => ({
      count: items.length,
      estimateSize: (index: number) => (isDay(items[index]) ? dayHeight : rowHeight),
      getItemKey: (index: number) => keyOf(items[index]) ?? index,
      // The day that one looks at stays above its rows, however far up its own place is.
      rangeExtractor: (range: Range) => [...new Set([dayOf(items, range), ...defaultRangeExtractor(range)])],
    }),
    [items],
  );
  const virtual = useWindowVirtualizer({
    ...measured,
    overscan: 4,
    // In a task of its own: drawn within the scroll's event, style and layout of the same frame would be one long task with it.
    useFlushSync: false,
    scrollMargin: list.current?.offsetTop ?? 0,
  });
  const isPrinted = useIsPrinted();
  const drawn = virtual.getVirtualItems();
  const top = dayOf(items, { startIndex: virtual.range?.startIndex ?? 0 });
  const last = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= items.length - 20) onEnd();
  });
  const shared = { names, longest, words };
  if (isPrinted) return <OnPaper items={items} {...shared} />;
  return (
    <ul ref={list} className="relative" style={{ height: virtual.getTotalSize() }}>
      {drawn.map(({ index, start, size, key }) => {
        const item = items[index];
        if (item === undefined) return null;
        const isTop = index === top;
        const place = isTop
          ? { height: size }
          : { height: size, transform: `translateY(${start - virtual.options.scrollMargin}px)` };
        return (
          <li
            key={key}
            className={isTop ? 'sticky top-0 z-1' : 'absolute inset-x-0 top-0 contain-size contain-layout'}
            style={place}
          >
            <Line item={item} {...shared} />
          </li>
        );
      })}
    </ul>
  );
}

type Shared = Omit<ComponentProps<typeof ExecutionRow>, 'row'>;

const Line = ({ item, ...shared }: { item: Item } & Shared) =>
  isDay(item) ? <DayHead day={item.day} /> : <ExecutionRow row={item.row} {...shared} />;

/** Nobody scrolls there: all that was loaded, one beneath the other. */
const OnPaper = ({ items, ...shared }: { items: readonly Item[] } & Shared) => (
  <ul>
    {items.map((item) => (
      <li key={keyOf(item)}>
        <Line item={item} {...shared} />
      </li>
    ))}
  </ul>
);

const isDay = (item: Item | undefined): item is { day: Day } => item !== undefined && 'day' in item;

const keyOf = (item: Item | undefined): string | undefined =>
  item === undefined ? undefined : isDay(item) ? item.day.name : item.row.id;

/** Where the heading of the first row in sight stands. */
function dayOf(items: readonly Item[], { startIndex }: Pick<Range, 'startIndex'>): number {
  const index = items.slice(0, startIndex + 1).findLastIndex(isDay);
  return Math.max(0, index);
}

const DayHead = ({ day: { name, rows, costUsd, isWhole } }: { day: Day }) => (
  <h2 className="flex h-full items-center gap-2 border-y border-line bg-sunken px-4 text-[13px] whitespace-nowrap text-ink-2">
    <span className="font-semibold text-ink">{name}</span>
    {isWhole ? (
      <span className="tabular-nums">
        · {t('{rows, plural, one {# run} other {# runs}}', { rows: rows.length })}
        {costUsd > 0 ? ` · ${money(costUsd)}` : ''}
      </span>
    ) : null}
  </h2>
);
