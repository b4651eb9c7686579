/** The VMs, a page at a time: found, put in order, one line each; on a phone two. */
import type { ReactNode } from 'react';
import type { CoreSession, CoreUser } from '../../src/contract/core-people.ts';
import { type Fleet, type FleetEntry, type FleetQuery, fleetSorts } from '../../src/contract/fleet.ts';
import { cx } from '../ui/cx.ts';
import { Select } from '../ui/field.tsx';
import { count, duration, shortCount } from '../ui/format.ts';
import { ArrowDown, ArrowUp } from '../ui/icons.tsx';
import { Panel, SkeletonRows } from '../ui/panel.tsx';
import { SearchInput } from '../ui/search-input.tsx';
import { Nothing } from './nothing.tsx';
import { Pages } from './pages.tsx';
import { Standing } from './standing.tsx';
import { VmActions } from './vm-actions.tsx';

const states: Readonly<Record<FleetQuery['state'], string>> = {
  all: 'All VMs',
  attention: 'What needs somebody',
  copied: 'Reporting twice',
  silent: 'Silent',
  suspended: 'Suspended',
  never: 'Without a report yet',
  reporting: 'Reporting',
  retired: 'Retired',
};
const sortNames: Readonly<Record<FleetQuery['sort'], string>> = {
  attention: 'What needs somebody first',
  label: 'Name',
  owner: 'Customer',
  lastReportAt: 'Last report',
  executions: 'Executions',
  durationMs: 'Duration',
  tokens: 'Tokens',
};
/** Numbers and times begin with the most. */
const beginsDown = new Set<FleetQuery['sort']>(['lastReportAt', 'executions', 'durationMs', 'tokens']);
const columns =
  'md:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)_11rem_5.5rem_6.5rem_5.5rem_2.25rem] md:gap-x-4 md:items-center';

export function VmTable({
  fleet,
  query,
  onQuery,
  session,
  users,
  onEnrol,
}: {
  fleet: Fleet | undefined;
  query: FleetQuery;
  onQuery(change: Partial<FleetQuery>): void;
  session: CoreSession;
  users: readonly CoreUser[];
  onEnrol: (() => void) | undefined;
}) {
  const sort = (by: FleetQuery['sort']) => {
    const first = beginsDown.has(by) ? 'desc' : 'asc';
    const other = first === 'asc' ? 'desc' : 'asc';
    onQuery({ sort: by, order: query.sort === by && query.order === first ? other : first });
  };
  const isNarrowed = query.q !== '' || query.state !== 'all';
  return (
    <Panel title="VMs" flush>
      <div className="flex flex-wrap gap-2 border-b border-line px-4 py-3">
        <SearchInput
          label="Find a VM"
          placeholder="Name, customer or id"
          text={query.q}
          onText={(q) => onQuery({ q: q.slice(0, 60) })}
        />
        <div className="w-full sm:w-52">
          <Select
            aria-label="Which"
            value={query.state}
            onChange={({ target }) => onQuery({ state: target.value as FleetQuery['state'] })}
          >
            {Object.entries(states).map(([state, words]) => (
              <option key={state} value={state}>
                {words}
                {fleet && state in fleet.counts ? ` (${fleet.counts[state as keyof Fleet['counts']]})` : ''}
              </option>
            ))}
          </Select>
        </div>
        <div className="w-full sm:w-52 md:hidden">
          <Select
            aria-label="Order"
            value={query.sort}
            onChange={({ target }) => sort(target.value as FleetQuery['sort'])}
          >
            {fleetSorts.map((by) => (
              <option key={by} value={by}>
                {sortNames[by]}
              </option>
            ))}
          </Select>
        </div>
      </div>
      {fleet ? null : <SkeletonRows rows={4} />}
      {fleet?.total === 0 ? (
        <Nothing isNarrowed={isNarrowed} onAll={() => onQuery({ q: '', state: 'all' })} onEnrol={onEnrol} />
      ) : null}
      {fleet && fleet.total > 0 ? (
        <div className={cx('hidden border-b border-line px-4 py-1 md:grid', columns)}>
          <SortBy by="label" query={query} onSort={sort} />
          <SortBy by="owner" query={query} onSort={sort} />
          <SortBy by="attention" query={query} onSort={sort}>
            Standing
          </SortBy>
          <SortBy by="executions" query={query} onSort={sort} />
          <SortBy by="durationMs" query={query} onSort={sort} />
          <SortBy by="tokens" query={query} onSort={sort} />
        </div>
      ) : null}
      <ul className="divide-y divide-line" aria-label="VMs">
        {fleet?.items.map((vm) => (
          <VmRow key={vm.vmId} vm={vm} session={session} users={users} />
        ))}
      </ul>
      {fleet ? <Pages fleet={fleet} query={query} onQuery={onQuery} /> : null}
    </Panel>
  );
}

function VmRow({ vm, session, users }: { vm: FleetEntry; session: CoreSession; users: readonly CoreUser[] }) {
  const customer = [vm.owner ?? (session.role === null ? '' : 'nobody'), vm.customerNumber]
    .filter((words) => words !== '')
    .join(' · ');
  return (
    <li
      className={cx(
        'grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 px-4 py-2 text-[13px] md:py-1',
        columns,
      )}
    >
      <p className="min-w-0 truncate text-sm font-medium">
        {vm.label === '' ? <span className="text-ink-2">Unnamed</span> : vm.label}{' '}
        <code className="font-mono text-[12px] font-normal text-ink-2" title={vm.vmId}>
          {vm.vmId.slice(-8)}
        </code>
      </p>
      <p className="hidden min-w-0 truncate text-ink-2 md:block">{customer}</p>
      <div className="col-start-1 row-start-2 min-w-0 md:col-start-auto md:row-start-auto">
        <Standing vm={vm} />
        <span className="text-ink-2 md:hidden">
          {customer === '' ? '' : `${customer} · `}
          {shortCount(vm.executions)} runs, {shortCount(vm.tokens)} tokens
        </span>
      </div>
      <Figure name="executions">{count(vm.executions)}</Figure>
      <Figure name="duration">{duration(vm.durationMs)}</Figure>
      <Figure name="tokens">{count(vm.tokens)}</Figure>
      <div className="col-start-2 row-span-2 row-start-1 md:col-start-auto md:row-span-1 md:row-start-auto">
        <VmActions vm={vm} session={session} users={users} />
      </div>
    </li>
  );
}

const Figure = ({ name, children }: { name: string; children: string }) => (
  <p className="hidden truncate text-right tabular-nums md:block">
    {children} <span className="sr-only">{name}</span>
  </p>
);

function SortBy({
  by,
  query,
  onSort,
  children = sortNames[by],
}: {
  by: FleetQuery['sort'];
  query: FleetQuery;
  onSort(by: FleetQuery['sort']): void;
  children?: ReactNode;
}) {
  const isIt = query.sort === by;
  const Arrow = query.order === 'asc' ? ArrowUp : ArrowDown;
  const isNumber = by === 'executions' || by === 'durationMs' || by === 'tokens';
  return (
    <button
      type="button"
      onClick={() => onSort(by)}
      aria-pressed={isIt}
      className={cx(
        'flex items-center gap-1 rounded text-[12px] text-ink-2 hover:text-ink',
        isIt && 'font-medium text-ink',
        isNumber && 'justify-end',
      )}
    >
      {children}
      {isIt ? <Arrow aria-hidden="true" className="size-3" /> : null}
    </button>
  );
}
