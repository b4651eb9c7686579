/** What can be done with one VM; what cannot be undone is asked first. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, memo, useState } from 'react';
import type { CoreSession, CoreUser } from '../../src/contract/core-people.ts';
import type { FleetEntry, VmChange } from '../../src/contract/fleet.ts';
import { Button } from '../ui/button.tsx';
import { Confirm, Dialog } from '../ui/dialog.tsx';
import { Field, Input, Select } from '../ui/field.tsx';
import { Ban, Check, Ellipsis, Hand } from '../ui/icons.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { Archive, CopyPlus, Pencil, PenLine, RefreshCw } from '../ui/more-icons.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { api } from './api.ts';
import { CorrectDialog } from './correct.tsx';
import { customersAmong } from './customers.ts';
import { EnrolDialog } from './enrol.tsx';
import { readAnew } from './queries.ts';

type Asked = 'change' | 'correct' | 'suspend' | 'retire' | 'replace';

type Props = { vm: FleetEntry; session: CoreSession; users: readonly CoreUser[] };

const callOf = ({ label, vmId }: FleetEntry) => (label === '' ? `VM ${vmId.slice(-8)}` : label);

/** Of up to 500 rows, each with one: it is a button until it is pressed. */
export const VmActions = memo(function VmActions(props: Props) {
  const [isAsked, setAsked] = useState(false);
  const { vm, session } = props;
  // What was billed of one that is retired can still be wrong.
  if (vm.state === 'retired' && session.role !== 'operator' && session.role !== 'billing') return null;
  if (isAsked) return <VmMenu {...props} />;
  return (
    <Button
      look="quiet"
      size="icon"
      className="size-8"
      aria-label={`What can be done with ${callOf(vm)}`}
      aria-haspopup="menu"
      onClick={() => setAsked(true)}
    >
      <Ellipsis aria-hidden="true" className="size-4" />
    </Button>
  );
});

function VmMenu({ vm, session: { role }, users }: Props) {
  const [asked, setAsked] = useState<Asked>();
  const done = () => setAsked(undefined);
  const change = useChange(vm, done);
  const retire = useRetire(vm, done);
  const name = callOf(vm);
  const mayCorrect = role === 'operator' || role === 'billing';
  const isLive = vm.state !== 'retired';
  const isOperator = role === 'operator';
  const isSupport = isOperator || role === 'support';
  return (
    <>
      <Menu label={`What can be done with ${name}`} look="quiet" className="size-8" opensAtOnce>
        {vm.state === 'copied' && isOperator ? (
          <MenuItem icon={<Check />} onSelect={() => change.mutate({ settled: true })}>
            It is settled: one copy reports
          </MenuItem>
        ) : null}
        {isLive && role !== 'billing' ? (
          <MenuItem icon={isOperator ? <Hand /> : <Pencil />} onSelect={() => setAsked('change')}>
            {isOperator ? 'Rename or hand over' : 'Rename'}
          </MenuItem>
        ) : null}
        {mayCorrect ? (
          <MenuItem icon={<PenLine />} onSelect={() => setAsked('correct')}>
            Correct its bill
          </MenuItem>
        ) : null}
        {isLive && isOperator ? (
          <MenuItem icon={<CopyPlus />} onSelect={() => setAsked('replace')}>
            Replace by a new VM
          </MenuItem>
        ) : null}
        {isLive && isSupport && vm.suspended ? (
          <MenuItem icon={<RefreshCw />} onSelect={() => change.mutate({ suspended: false })}>
            Let in again
          </MenuItem>
        ) : null}
        {isLive && isSupport && !vm.suspended ? (
          <MenuItem icon={<Ban />} onSelect={() => setAsked('suspend')}>
            Suspend
          </MenuItem>
        ) : null}
        {isLive && isOperator ? (
          <MenuItem icon={<Archive />} isDanger onSelect={() => setAsked('retire')}>
            Retire
          </MenuItem>
        ) : null}
      </Menu>
      {asked === 'suspend' ? (
        <Confirm
          open
          onClose={done}
          onConfirm={() => change.mutate({ suspended: true })}
          busy={change.isPending}
          title={`Suspend ${name}?`}
          verb="Suspend"
        >
          Core takes no more reports from it, and nobody opens it through Core. The VM itself goes on working,
          and its reports come when it is let in again.
        </Confirm>
      ) : null}
      {asked === 'retire' ? (
        <Confirm
          open
          onClose={done}
          onConfirm={() => retire.mutate()}
          busy={retire.isPending}
          title={`Retire ${name}?`}
          verb="Retire"
        >
          {vm.lastReportAt === null ? null : (
            <>
              Its last report came <Ago at={vm.lastReportAt} />. What it did since is billed to nobody: have
              it report first (npx alfred core report on it).{' '}
            </>
          )}
          Core takes nothing from it any more, for good, and it stands under “Retired” alone. What it was
          billed stays. The VM itself goes on working; to report again it enrols anew.
        </Confirm>
      ) : null}
      {asked === 'change' ? (
        <ChangeDialog vm={vm} users={isOperator ? users : undefined} onClose={done} />
      ) : null}
      {asked === 'correct' ? <CorrectDialog vm={vm} name={name} onClose={done} /> : null}
      {asked === 'replace' ? <EnrolDialog open onClose={done} users={[]} replaces={vm} /> : null}
    </>
  );
}

function useChange(vm: FleetEntry, onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: VmChange) => api.changeVm({ params: { id: vm.vmId }, body: change }),
    onSuccess: (_, done) => {
      say(...doneWords(done));
      onDone();
    },
    onError: sayProblem,
    onSettled: () => readAnew(queries),
  });
}

/** What was done, and what comes of it. */
function doneWords({ suspended, ownerId, settled }: VmChange): [string, string?] {
  if (suspended === true) return ['The VM is suspended', 'Its reports wait until it is let in again.'];
  if (suspended === false) return ['The VM is let in again', 'What it had to report comes by itself.'];
  if (settled) return ['It is settled', 'Should another copy report again, it is said again.'];
  if (ownerId === undefined) return ['Saved'];
  return ['The VM is handed over', 'What it reported until now stays with whoever had it.'];
}

function useRetire(vm: FleetEntry, onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.retireVm({ params: { id: vm.vmId } }),
    onSuccess: () => say('The VM is retired', 'What it was billed stays.'),
    onError: sayProblem,
    onSettled: async () => {
      onDone();
      await readAnew(queries);
    },
  });
}

function ChangeDialog({
  vm,
  users,
  onClose,
}: {
  vm: FleetEntry;
  /** To whom it can be handed; undefined for those who may not. */
  users: readonly CoreUser[] | undefined;
  onClose(): void;
}) {
  const [label, setLabel] = useState(vm.label);
  const [ownerId, setOwnerId] = useState(vm.ownerId ?? '');
  const change = useChange(vm, onClose);
  const isHandedOver = users !== undefined && ownerId !== (vm.ownerId ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({
      label: label.trim(),
      ...(isHandedOver ? { ownerId: ownerId === '' ? null : ownerId } : {}),
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={users ? 'Rename or hand over' : 'Rename the VM'}
      lead={`The name is Core’s own${users ? ', and so is whose it is' : ''}: the VM is told nothing of it.`}
    >
      <form onSubmit={submit} className="space-y-4">
        <Field label="Name">
          {(props) => (
            <Input
              {...props}
              maxLength={60}
              value={label}
              onChange={(event) => setLabel(event.target.value)}
            />
          )}
        </Field>
        {users ? (
          <Field
            label="Customer"
            hint="From now on they see it, may open it, and are billed for it. What it reported until now stays with whoever had it."
          >
            {(props) => (
              <Select {...props} value={ownerId} onChange={(event) => setOwnerId(event.target.value)}>
                <option value="">nobody</option>
                {customersAmong(users, vm.ownerId).map(({ id, login, customerNumber }) => (
                  <option key={id} value={id}>
                    {customerNumber === '' ? login : `${login} (${customerNumber})`}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        ) : null}
        {change.error ? <ProblemNote error={change.error} /> : null}
        <Button type="submit" look="primary" busy={change.isPending}>
          {isHandedOver ? 'Hand it over' : 'Save'}
        </Button>
      </form>
    </Dialog>
  );
}
