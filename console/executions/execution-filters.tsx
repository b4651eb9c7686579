/** What is looked for among executions; it stands in the address. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { executionModes, executionStatuses } from '../../src/contract/execution-status.ts';
import { triggers, triggerTypes } from '../../src/contract/trigger-types.ts';
import { type ExecutionFilters, skillsQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { beginOf, dateOf } from '../ui/dates.ts';
import { Input, Select } from '../ui/field.tsx';
import { X } from '../ui/icons.tsx';
import { statusWord } from '../ui/status.tsx';
import { t, told } from '../words/t.ts';
import { SavedFilters } from './saved-filters.tsx';

const modeWords = { live: t('for real'), rehearsal: t('rehearsed'), replay: t('replayed') } as const;

export function Filters({ filters }: { filters: ExecutionFilters }) {
  const navigate = useNavigate({ from: '/executions' });
  const skills = useQuery(skillsQuery);
  const [isOpen, setOpen] = useState(false);
  const set = (name: keyof ExecutionFilters) => (value: string) =>
    void navigate({ search: { ...filters, [name]: value === '' ? undefined : value }, replace: true });
  const setAll = (more: Said) => void navigate({ search: { ...filters, ...more }, replace: true });
  const { q, ...others } = filters;
  const chosen = Object.values(others).filter(Boolean).length;
  return (
    <search className="mb-4 flex flex-wrap gap-2">
      <SearchBox text={q ?? ''} onText={set('q')} />
      <Button className="sm:hidden" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {chosen === 0 ? t('Filter') : t('Filter ({chosen})', { chosen })}
      </Button>
      <div className={cx('w-full flex-wrap gap-2 sm:flex sm:w-auto', isOpen ? 'flex' : 'hidden')}>
        <Choice label={t('Status')} value={filters.status} onValue={set('status')}>
          {executionStatuses.map((status) => (
            <option key={status} value={status}>
              {statusWord(status)}
            </option>
          ))}
        </Choice>
        <Choice label={t('Skill')} value={filters.skill} onValue={set('skill')}>
          {skills.data?.map(({ slug, name }) => (
            <option key={slug} value={slug}>
              {name}
            </option>
          ))}
        </Choice>
        <Choice label={t('Trigger')} value={filters.trigger} onValue={set('trigger')}>
          {triggerTypes.map((trigger) => (
            <option key={trigger} value={trigger}>
              {told(triggers[trigger].words)}
            </option>
          ))}
        </Choice>
        <Choice label={t('Mode')} value={filters.mode} onValue={set('mode')}>
          {executionModes.map((mode) => (
            <option key={mode} value={mode}>
              {modeWords[mode]}
            </option>
          ))}
        </Choice>
        <Choice label={t('When')} value={filters.since} onValue={set('since')}>
          {Object.entries(spans).map(([since, words]) => (
            <option key={since} value={since}>
              {words}
            </option>
          ))}
        </Choice>
        <Choice
          label={t('You said')}
          value={saidIn(filters)}
          onValue={(said) => setAll({ ...unsaid, ...says[said] })}
        >
          <option value="unread">{t('unread')}</option>
          <option value="pinned">{t('pinned')}</option>
          <option value="good">{t('rated good')}</option>
          <option value="bad">{t('rated bad')}</option>
        </Choice>
        <Day label={t('From')} at={filters.from} onAt={set('from')} />
        {/* The address says before which moment: the day after begins with it. */}
        <Day label={t('To')} at={filters.to} daysOn={1} onAt={set('to')} />
        <SavedFilters filters={filters} />
      </div>
      <Chips filters={filters} onRemove={(name) => set(name)('')} />
    </search>
  );
}

const spans: Record<string, string> = {
  '24h': t('in 24 hours'),
  '7d': t('in 7 days'),
  '30d': t('in 30 days'),
  '90d': t('in 90 days'),
};

/** What the owner said of a run, as filters. */
type Said = Partial<Record<'unread' | 'pinned' | 'rating', string | undefined>>;
const says: Record<string, Said> = {
  unread: { unread: 'true' },
  pinned: { pinned: 'true' },
  good: { rating: 'good' },
  bad: { rating: 'bad' },
};
const unsaid: Said = { unread: undefined, pinned: undefined, rating: undefined };
const saidIn = ({ unread, pinned, rating }: ExecutionFilters): string | undefined =>
  unread === 'true' ? 'unread' : pinned === 'true' ? 'pinned' : rating;

/** What is looked for and has no field of its own: it came with a link, or from the terminal. */
const chips = {
  model: t('Model'),
  connection: t('Connection'),
  minCostUsd: t('At least $'),
  maxCostUsd: t('At most $'),
} as const;

const Chips = ({
  filters,
  onRemove,
}: {
  filters: ExecutionFilters;
  onRemove(name: keyof typeof chips): void;
}) =>
  (Object.keys(chips) as (keyof typeof chips)[]).map((name) =>
    filters[name] === undefined ? null : (
      <Button key={name} size="sm" onClick={() => onRemove(name)} className="max-w-full">
        <span className="truncate">
          {chips[name]} {filters[name]}
        </span>
        <X aria-label={t('not any more')} className="size-3.5" />
      </Button>
    ),
  );

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
      <label htmlFor={id} className="shrink-0">
        {label}
      </label>
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
      aria-label={t('Search in what was asked and answered')}
      placeholder={t('Search what was asked and answered')}
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
      <option value="">{t('{label}: any', { label })}</option>
      {children}
    </Select>
  );
}
