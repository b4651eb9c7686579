/** What was run: newest first, with filters that stand in the address. */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import {
  type ExecutionSummary,
  executionModes,
  executionStatuses,
  isRehearsed,
} from '../../src/contract/executions.ts';
import { triggerTypes } from '../../src/contract/triggers.ts';
import { type ExecutionFilters, executionsQuery, skillsQuery } from '../api/queries.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { Input, Select } from '../ui/field.tsx';
import { duration, money } from '../ui/format.ts';
import { Empty, PageHead, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { ExecutionStatusMark, statusWord } from '../ui/status.tsx';
import { Ago } from '../ui/time.tsx';

const route = getRouteApi('/executions');
const rowHeight = 60;

export function ExecutionsPage() {
  const filters = route.useSearch();
  const list = useInfiniteQuery({
    ...executionsQuery(filters),
    placeholderData: keepPreviousData,
  });
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const isFiltered = Object.values(filters).some(Boolean);
  return (
    <>
      <PageHead title="Executions" lead="Everything that Alfred did, what came of it, and what it cost." />
      <Filters filters={filters} />
      <section aria-label="Executions" className="rounded-xl border border-line bg-surface">
        {list.isPending ? <SkeletonRows rows={8} /> : null}
        {list.error ? (
          <div className="p-4">
            <ProblemNote error={list.error} />
          </div>
        ) : null}
        {list.data && rows.length === 0 ? isFiltered ? <NoneFits /> : <NoneYet /> : null}
        {rows.length > 0 ? (
          <Rows
            rows={rows}
            hasMore={list.hasNextPage}
            onEnd={() => (list.isFetching ? undefined : void list.fetchNextPage())}
          />
        ) : null}
      </section>
    </>
  );
}

const NoneYet = () => (
  <Empty
    title="Nothing was run yet"
    action={
      <Link to="/skills" className={buttonClass('primary')}>
        Choose a skill to run
      </Link>
    }
  >
    Each run of a skill is kept here whole: what was asked, every tool that was called and what it answered.
  </Empty>
);

function NoneFits() {
  const navigate = useNavigate();
  return (
    <Empty
      title="Nothing fits these filters"
      action={<Button onClick={() => navigate({ to: '/executions', search: {} })}>Show everything</Button>}
    >
      No execution has all of what is chosen above.
    </Empty>
  );
}

function Filters({ filters }: { filters: ExecutionFilters }) {
  const navigate = useNavigate({ from: '/executions' });
  const skills = useQuery(skillsQuery);
  const set = (name: keyof ExecutionFilters) => (value: string) =>
    void navigate({ search: { ...filters, [name]: value === '' ? undefined : value }, replace: true });
  return (
    <search className="mb-4 flex flex-wrap gap-2">
      <SearchBox text={filters.q ?? ''} onText={set('q')} />
      <Choice label="Status" value={filters.status} onValue={set('status')}>
        {executionStatuses.map((status) => (
          <option key={status} value={status}>
            {statusWord(status)}
          </option>
        ))}
      </Choice>
      <Choice label="Skill" value={filters.skill} onValue={set('skill')}>
        {skills.data?.map(({ slug, name }) => (
          <option key={slug} value={slug}>
            {name}
          </option>
        ))}
      </Choice>
      <Choice label="Trigger" value={filters.trigger} onValue={set('trigger')}>
        {triggerTypes.map((trigger) => (
          <option key={trigger}>{trigger}</option>
        ))}
      </Choice>
      <Choice label="Mode" value={filters.mode} onValue={set('mode')}>
        {executionModes.map((mode) => (
          <option key={mode}>{mode}</option>
        ))}
      </Choice>
    </search>
  );
}

function SearchBox({ text, onText }: { text: string; onText(text: string): void }) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once nobody types any more
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => onText(typed), 300);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <Input
      type="search"
      aria-label="Search in what was asked and answered"
      placeholder="Search what was asked and answered"
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      className="w-full sm:w-72"
    />
  );
}

function Choice({
  label,
  value,
  onValue,
  children,
}: {
  label: string;
  value: string | undefined;
  onValue(value: string): void;
  children: React.ReactNode;
}) {
  return (
    <Select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onValue(event.target.value)}
      className="w-[calc(50%-0.25rem)] sm:w-auto"
    >
      <option value="">{`${label}: any`}</option>
      {children}
    </Select>
  );
}

/** Only what is in sight is drawn, so that a million rows scroll like ten. */
function Rows({ rows, hasMore, onEnd }: { rows: ExecutionSummary[]; hasMore: boolean; onEnd(): void }) {
  const list = useRef<HTMLUListElement>(null);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan: 10,
    scrollMargin: list.current?.offsetTop ?? 0,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - 20) onEnd();
  });
  return (
    <ul ref={list} className="relative" style={{ height: virtual.getTotalSize() }}>
      {items.map(({ index, start }) => {
        const row = rows[index];
        return row === undefined ? null : (
          <li
            key={row.id}
            className="absolute inset-x-0 border-line [&:not(:first-child)]:border-t"
            style={{ height: rowHeight, transform: `translateY(${start - virtual.options.scrollMargin}px)` }}
          >
            <ExecutionRow row={row} />
          </li>
        );
      })}
    </ul>
  );
}

export function ExecutionRow({ row }: { row: ExecutionSummary }) {
  return (
    <Link
      to="/executions/$id"
      params={{ id: row.id }}
      className="grid h-full grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 px-4 py-2 hover:bg-hover sm:grid-cols-[minmax(0,1fr)_8.5rem_5.5rem_5rem_8rem]"
    >
      <span className="min-w-0">
        <span className="block truncate font-medium">
          {row.skillSlug}
          {row.mode === 'live' ? null : (
            <span className="ml-2 text-xs font-normal text-ink-3">{row.mode}</span>
          )}
        </span>
        <span className="block truncate text-[13px] text-ink-2">
          {row.error ?? `${row.trigger} · version ${row.skillVersion}`}
        </span>
      </span>
      <span className="justify-self-end sm:justify-self-start">
        <ExecutionStatusMark status={row.status} bare />
      </span>
      <span className="hidden text-right text-[13px] text-ink-2 tabular-nums sm:block">
        {row.durationMs === null ? '' : duration(row.durationMs)}
      </span>
      <span className="hidden text-right text-[13px] text-ink-2 tabular-nums sm:block">
        {isRehearsed(row) ? '' : row.costUsd === null ? 'unpriced' : money(row.costUsd)}
      </span>
      <Ago at={row.createdAt} className="hidden text-right text-[13px] text-ink-2 sm:block" />
    </Link>
  );
}
