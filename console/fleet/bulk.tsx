/** What is done with all VMs that are chosen, asked first. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CoreSession, CoreUser } from '../../src/contract/core-people.ts';
import { changeInParts, type FleetEntry } from '../../src/contract/fleet.ts';
import { Button } from '../ui/button.tsx';
import { Confirm, Dialog } from '../ui/dialog.tsx';
import { Field, Select } from '../ui/field.tsx';
import { Ban, Hand } from '../ui/icons.tsx';
import { Archive, RefreshCw } from '../ui/more-icons.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { api } from './api.ts';
import type { Chosen } from './chosen.ts';
import { customersAmong } from './customers.ts';
import { plural } from './plural.ts';
import { readAnew } from './queries.ts';

type Change = { suspended?: boolean; ownerId?: string | null; retired?: true };
type Asked = 'suspend' | 'let in' | 'hand over' | 'retire';

const asked = {
  suspend: {
    verb: 'Suspend',
    change: { suspended: true },
    effect: 'Core takes no more reports from them, and nobody opens them through Core. They go on working.',
  },
  'let in': {
    verb: 'Let in again',
    change: { suspended: false },
    effect: 'Core takes their reports again, those too that waited.',
  },
  retire: {
    verb: 'Retire',
    change: { retired: true },
    effect:
      'Core takes nothing from them any more, for good, and they stand under “Retired” alone. What they were billed stays. The VMs themselves go on working.',
  },
} as const satisfies Record<Exclude<Asked, 'hand over'>, { verb: string; change: Change; effect: string }>;

export function BulkBar({
  chosen,
  session: { role },
  users,
}: {
  chosen: Chosen;
  session: CoreSession;
  users: readonly CoreUser[];
}) {
  const [open, setOpen] = useState<Asked>();
  const change = useChangeAll(chosen, () => setOpen(undefined));
  if (chosen.vms.length === 0) return null;
  const number = plural(chosen.vms.length, 'VM');
  const one = open === undefined || open === 'hand over' ? undefined : asked[open];
  return (
    <div
      role="toolbar"
      aria-label="What is done with those chosen"
      className="sticky bottom-0 z-10 flex flex-wrap items-center gap-2 rounded-b-xl border-t border-line bg-raised px-4 py-2"
    >
      <p role="status" className="mr-auto font-medium">
        {number} chosen
      </p>
      <Button size="sm" icon={<Ban className="size-4" />} onClick={() => setOpen('suspend')}>
        Suspend
      </Button>
      <Button size="sm" icon={<RefreshCw className="size-4" />} onClick={() => setOpen('let in')}>
        Let in again
      </Button>
      {role === 'operator' ? (
        <>
          <Button size="sm" icon={<Hand className="size-4" />} onClick={() => setOpen('hand over')}>
            Hand over
          </Button>
          <Button size="sm" icon={<Archive className="size-4" />} onClick={() => setOpen('retire')}>
            Retire
          </Button>
        </>
      ) : null}
      <Button size="sm" look="quiet" onClick={chosen.clear}>
        Choose none
      </Button>
      <Confirm
        open={one !== undefined}
        onClose={() => setOpen(undefined)}
        onConfirm={() => (one ? change.mutate(one.change) : undefined)}
        busy={change.isPending}
        title={`${one?.verb ?? ''} ${number}?`}
        verb={one?.verb ?? ''}
        keep="Keep them as they are"
      >
        <Names vms={chosen.vms} />
        {one?.effect}
      </Confirm>
      {open === 'hand over' ? (
        <HandOver
          vms={chosen.vms}
          users={users}
          onClose={() => setOpen(undefined)}
          onHandOver={(ownerId) => change.mutate({ ownerId })}
          busy={change.isPending}
          error={change.error}
        />
      ) : null}
    </div>
  );
}

function useChangeAll(chosen: Chosen, onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) =>
      changeInParts(
        chosen.vms.map(({ vmId }) => vmId),
        (vmIds) => api.changeVms({ body: { vmIds, ...change } }),
      ),
    onSuccess: ({ changed, missing }) => {
      const gone =
        missing.length === 0 ? undefined : `${plural(missing.length, 'VM')} had been retired meanwhile.`;
      say(`Done with ${plural(changed.length, 'VM')}`, gone);
      chosen.clear();
      onDone();
    },
    onError: sayProblem,
    onSettled: () => readAnew(queries),
  });
}

const named = 8;

function Names({ vms }: { vms: readonly FleetEntry[] }) {
  const names = vms.slice(0, named).map(({ label, vmId }) => (label === '' ? vmId.slice(-8) : label));
  const more = vms.length - names.length;
  return (
    <span className="mb-2 block font-medium text-ink">
      {names.join(', ')}
      {more > 0 ? ` and ${more} more` : ''}
    </span>
  );
}

function HandOver({
  vms,
  users,
  onClose,
  onHandOver,
  busy,
  error,
}: {
  vms: readonly FleetEntry[];
  users: readonly CoreUser[];
  onClose(): void;
  onHandOver(ownerId: string | null): void;
  busy: boolean;
  error: unknown;
}) {
  const [ownerId, setOwnerId] = useState('');
  return (
    <Dialog open onClose={onClose} title={`Hand over ${plural(vms.length, 'VM')}`} lead={<Names vms={vms} />}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onHandOver(ownerId === '' ? null : ownerId);
        }}
        className="space-y-4"
      >
        <Field
          label="Customer"
          hint="From now on they see them, may open them, and are billed for them. What was reported until now stays with whoever had them."
        >
          {(props) => (
            <Select {...props} value={ownerId} onChange={({ target }) => setOwnerId(target.value)}>
              <option value="">nobody</option>
              {customersAmong(users).map(({ id, login, customerNumber }) => (
                <option key={id} value={id}>
                  {customerNumber === '' ? login : `${login} (${customerNumber})`}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {error ? <ProblemNote error={error} /> : null}
        <Button type="submit" look="primary" busy={busy}>
          Hand them over
        </Button>
      </form>
    </Dialog>
  );
}
