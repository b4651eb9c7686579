/** What is looked for among executions; it stands in the address. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { executionModes, executionStatuses } from '../../src/contract/executions.ts';
import { triggers, triggerTypes } from '../../src/contract/triggers.ts';
import { type ExecutionFilters, skillsQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Input, Select } from '../ui/field.tsx';
import { statusWord } from '../ui/status.tsx';

const modeWords = { live: 'for real', rehearsal: 'rehearsed', replay: 'replayed' } as const;

export function Filters({ filters }: { filters: ExecutionFilters }) {
  const navigate = useNavigate({ from: '/executions' });
  const skills = useQuery(skillsQuery);
  const [isOpen, setOpen] = useState(false);
  const set = (name: keyof ExecutionFilters) => (value: string) =>
    void navigate({ search: { ...filters, [name]: value === '' ? undefined : value }, replace: true });
  const { q, ...others } = filters;
  const chosen = Object.values(others).filter(Boolean).length;
  return (
    <search className="mb-4 flex flex-wrap gap-2">
      <SearchBox text={q ?? ''} onText={set('q')} />
      <Button className="sm:hidden" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {chosen === 0 ? 'Filter' : `Filter (${chosen})`}
      </Button>
      <div className={cx('w-full flex-wrap gap-2 sm:flex sm:w-auto', isOpen ? 'flex' : 'hidden')}>
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
            <option key={trigger} value={trigger}>
              {triggers[trigger].words}
            </option>
          ))}
        </Choice>
        <Choice label="Mode" value={filters.mode} onValue={set('mode')}>
          {executionModes.map((mode) => (
            <option key={mode} value={mode}>
              {modeWords[mode]}
            </option>
          ))}
        </Choice>
        <Day label="From" at={filters.from} onAt={set('from')} />
        {/* The address says before which moment: the day after begins with it. */}
        <Day label="To" at={filters.to} daysOn={1} onAt={set('to')} />
      </div>
    </search>
  );
}

/** A day, kept as the moment at which it begins here, so many days on. */
function Day({
  label,
  at,
  daysOn = 0,
  onAt,
}: {
  label: string;
  at: string | undefined;
  daysOn?: number;
  onAt(at: string): void;
}) {
  const id = useId();
  return (
    <span className="flex items-center gap-2 text-[13px] text-ink-2">
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        type="date"
        value={at === undefined ? '' : dateOf(at, -daysOn)}
        onChange={({ target }) => onAt(target.value === '' ? '' : beginOf(target.value, daysOn))}
        className="w-36"
      />
    </span>
  );
}

/** As `2026-11-27`, in the reader's zone; empty for what is no time. */
function dateOf(iso: string, days: number): string {
  const day = new Date(iso);
  day.setDate(day.getDate() + days);
  const two = (value: number) => String(value).padStart(2, '0');
  return Number.isNaN(day.getTime())
    ? ''
    : `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

function beginOf(date: string, days: number): string {
  const day = new Date(`${date}T00:00`);
  day.setDate(day.getDate() + days);
  return day.toISOString();
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
      className="min-w-0 flex-1 sm:w-72 sm:flex-none"
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
  children: ReactNode;
}) {
  return (
    <Select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onValue(event.target.value)}
      className="w-[calc(50%-0.25rem)] sm:w-auto sm:max-w-44"
    >
      <option value="">{`${label}: any`}</option>
      {children}
    </Select>
  );
}
