/** The VMs, a page at a time: found, put in order, chosen, one line each; on a phone two. */
import { type CSSProperties, type ReactNode, useEffect, useRef, useState } from 'react';
import type { CoreSession, CoreUser } from '../../src/contract/core-people.ts';
import type { Fleet, FleetEntry, FleetQuery } from '../../src/contract/fleet.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { ArrowDown, ArrowUp } from '../ui/more-icons.tsx';
import { Panel, SkeletonRows } from '../ui/panel.tsx';
import { BulkBar } from './bulk.tsx';
import { type Chosen, chooseByKey, useChosen } from './chosen.ts';
import { ColumnChoice, type ColumnId, columns, useColumns } from './columns.tsx';
import { Nothing } from './nothing.tsx';
import { Pages } from './pages.tsx';
import { plural } from './plural.ts';
import { VmDialog } from './vm-dialog.tsx';
import { beginsDown, VmFilters } from './vm-filters.tsx';
import { VmRow } from './vm-row.tsx';

const grid = 'md:grid-cols-[var(--vm-columns)] md:gap-x-4';

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
  const [shown, setShown] = useColumns();
  const [opened, setOpened] = useState<FleetEntry>();
  const choice = useChosen();
  const chosen = session.role === 'operator' || session.role === 'support' ? choice : undefined;
  const sort = (by: FleetQuery['sort']) => {
    const first = beginsDown.has(by) ? 'desc' : 'asc';
    const other = first === 'asc' ? 'desc' : 'asc';
    onQuery({ sort: by, order: query.sort === by && query.order === first ? other : first });
  };
  const isNarrowed = query.q !== '' || query.state !== 'all';
  const widths = shown.map((id) => columns[id].width).join(' ');
  const template = `${chosen ? '1rem ' : ''}minmax(0,1.4fr) ${widths} 2.25rem`;
  return (
    <Panel title="VMs" flush aside={<ColumnChoice shown={shown} onShown={setShown} />}>
      <VmFilters fleet={fleet} query={query} onQuery={onQuery} onSort={sort} />
      {fleet ? null : <SkeletonRows rows={4} />}
      {fleet?.total === 0 ? (
        <Nothing isNarrowed={isNarrowed} onAll={() => onQuery({ q: '', state: 'all' })} onEnrol={onEnrol} />
      ) : null}
      <div style={{ '--vm-columns': template } as CSSProperties}>
        {fleet && fleet.total > 0 ? (
          <Heads items={fleet.items} shown={shown} query={query} onSort={sort} chosen={chosen} />
        ) : null}
        <ul
          className="divide-y divide-line"
          aria-label="VMs"
          onKeyDown={(event) => (chosen && fleet ? chooseByKey(event, fleet.items, chosen) : undefined)}
        >
          {fleet?.items.map((vm) => (
            <VmRow
              key={vm.vmId}
              vm={vm}
              shown={shown}
              grid={grid}
              chosen={chosen}
              session={session}
              users={users}
              onOpen={() => setOpened(vm)}
            />
          ))}
        </ul>
      </div>
      {fleet && query.state === 'all' && fleet.counts.retired > 0 ? (
        <p className="flex flex-wrap items-center gap-x-2 border-t border-line px-4 py-1 text-[13px] text-ink-2">
          {plural(fleet.counts.retired, 'retired VM is', 'retired VMs are')} not listed, and counted in the
          totals.
          <Button size="sm" look="quiet" onClick={() => onQuery({ state: 'retired' })}>
            Show the retired
          </Button>
        </p>
      ) : null}
      {fleet ? <Pages fleet={fleet} query={query} onQuery={onQuery} /> : null}
      {chosen ? <BulkBar chosen={chosen} session={session} users={users} /> : null}
      {opened ? <VmDialog vm={opened} onClose={() => setOpened(undefined)} /> : null}
    </Panel>
  );
}

/** What stands over the rows: a box for all of them, and what puts them in order. */
function Heads({
  items,
  shown,
  query,
  onSort,
  chosen,
}: {
  items: readonly FleetEntry[];
  shown: readonly ColumnId[];
  query: FleetQuery;
  onSort(by: FleetQuery['sort']): void;
  chosen: Chosen | undefined;
}) {
  return (
    <div
      className={cx(
        'items-center gap-3 border-b border-line px-4 py-1 md:grid',
        // Without boxes there is nothing in it on a phone.
        chosen ? 'flex' : 'hidden',
        grid,
      )}
    >
      {chosen ? <ChooseAll items={items} chosen={chosen} /> : null}
      <div className="hidden md:contents">
        <SortBy by="label" query={query} onSort={onSort}>
          Name
        </SortBy>
        {shown.map((id) => (
          <SortBy
            key={id}
            by={columns[id].sort}
            query={query}
            onSort={onSort}
            isNumber={'isNumber' in columns[id]}
          >
            {columns[id].name}
          </SortBy>
        ))}
      </div>
    </div>
  );
}

function ChooseAll({ items, chosen }: { items: readonly FleetEntry[]; chosen: Chosen }) {
  const box = useRef<HTMLInputElement>(null);
  const here = items.filter(({ vmId }) => chosen.has(vmId)).length;
  useEffect(() => {
    if (box.current) box.current.indeterminate = here > 0 && here < items.length;
  });
  return (
    <label className="flex items-center gap-3 text-[12px] text-ink-2">
      <input
        ref={box}
        type="checkbox"
        aria-label="Choose all that are shown"
        checked={here > 0 && here === items.length}
        onChange={({ target }) => chosen.set(items, target.checked)}
        className="size-4 accent-accent"
      />
      <span aria-hidden="true" className="py-1 md:hidden">
        Choose all that are shown
      </span>
    </label>
  );
}

function SortBy({
  by,
  query,
  onSort,
  isNumber = false,
  children,
}: {
  by: FleetQuery['sort'];
  query: FleetQuery;
  onSort(by: FleetQuery['sort']): void;
  isNumber?: boolean;
  children: ReactNode;
}) {
  const isIt = query.sort === by;
  const Arrow = query.order === 'asc' ? ArrowUp : ArrowDown;
  return (
    <button
      type="button"
      onClick={() => onSort(by)}
      aria-pressed={isIt}
      className={cx(
        'flex min-w-0 items-center gap-1 rounded text-[12px] text-ink-2 hover:text-ink',
        isIt && 'font-medium text-ink',
        isNumber && 'justify-end',
      )}
    >
      <span className="truncate">{children}</span>
      {isIt ? <Arrow aria-hidden="true" className="size-3 shrink-0" /> : null}
    </button>
  );
}
