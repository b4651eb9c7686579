/** One VM in the table: a line on a desk, two on a phone. */
import type { CoreSession, CoreUser } from '../../src/contract/core-people.ts';
import type { FleetEntry } from '../../src/contract/fleet.ts';
import { cx } from '../ui/cx.ts';
import { shortCount } from '../ui/format.ts';
import type { Chosen } from './chosen.ts';
import { type Column, type ColumnId, columns } from './columns.tsx';
import { Standing } from './standing.tsx';
import { VmActions } from './vm-actions.tsx';

export function VmRow({
  vm,
  shown,
  grid,
  chosen,
  session,
  users,
  onOpen,
}: {
  vm: FleetEntry;
  shown: readonly ColumnId[];
  grid: string;
  /** Undefined for those who may do nothing with many. */
  chosen: Chosen | undefined;
  session: CoreSession;
  users: readonly CoreUser[];
  onOpen(): void;
}) {
  const name = vm.label === '' ? 'Unnamed' : vm.label;
  const customer = [vm.owner ?? (session.role === null ? '' : 'nobody'), vm.customerNumber]
    .filter((words) => words !== '')
    .join(' · ');
  // How it stands is said on a phone in any case.
  const lines: readonly ColumnId[] = shown.includes('standing') ? shown : ['standing', ...shown];
  return (
    <li
      className={cx(
        'grid items-center gap-x-3 px-4 py-2 text-[13px] [contain-intrinsic-size:auto_3.5rem] [content-visibility:auto] md:py-1 md:[contain-intrinsic-size:auto_2.75rem]',
        chosen ? 'grid-cols-[1.25rem_minmax(0,1fr)_auto]' : 'grid-cols-[minmax(0,1fr)_auto]',
        grid,
        chosen?.has(vm.vmId) && 'bg-accent-soft',
      )}
    >
      {chosen ? (
        <label className="row-span-2 flex h-full items-center md:row-span-1">
          <input
            type="checkbox"
            aria-label={`Choose ${name} ${vm.vmId.slice(-8)}`}
            checked={chosen.has(vm.vmId)}
            onChange={({ target }) => chosen.set([vm], target.checked)}
            className="size-4 accent-accent"
          />
        </label>
      ) : null}
      <p className="min-w-0 truncate text-sm font-medium">
        <button type="button" onClick={onOpen} className="max-w-full truncate hover:underline">
          <span className={vm.label === '' ? 'text-ink-2' : ''}>{name}</span>{' '}
          <code className="font-mono text-[12px] font-normal text-ink-2" title={vm.vmId}>
            {vm.vmId.slice(-8)}
          </code>
        </button>
      </p>
      {lines.map((id) =>
        id === 'standing' ? (
          <div
            key={id}
            className={cx(
              'row-start-2 min-w-0 md:col-start-auto md:row-start-auto',
              chosen ? 'col-start-2' : 'col-start-1',
              !shown.includes(id) && 'md:hidden',
            )}
          >
            <Standing vm={vm} />
            <span className="block break-words text-ink-2 md:hidden">
              {customer === '' ? '' : `${customer} · `}
              {shortCount(vm.executions)} {vm.executions === 1 ? 'execution' : 'executions'},{' '}
              {shortCount(vm.tokens)} tokens
            </span>
          </div>
        ) : (
          <Cell key={id} column={columns[id]} vm={vm} />
        ),
      )}
      <div
        className={cx(
          'row-span-2 row-start-1 md:col-start-auto md:row-span-1 md:row-start-auto',
          chosen ? 'col-start-3' : 'col-start-2',
        )}
      >
        <VmActions vm={vm} session={session} users={users} />
      </div>
    </li>
  );
}

const Cell = ({ column: { isNumber, name, cell }, vm }: { column: Column; vm: FleetEntry }) => (
  <div
    className={cx('hidden min-w-0 truncate md:block', isNumber ? 'text-right tabular-nums' : 'text-ink-2')}
  >
    {cell(vm)}
    {isNumber ? <span className="sr-only"> {name.toLowerCase()}</span> : null}
  </div>
);
