/** One VM: who it is to Core, when it last reported, its three numbers. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { FleetEntry } from '../../src/contract/fleet.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Confirm, Dialog } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { count, duration, plural } from '../ui/format.ts';
import { Ban, Check, Pencil, TriangleAlert } from '../ui/icons.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago, useNow } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.tsx';
import { api } from './api.ts';
import { silentFor } from './silence.ts';

export function VmRow({
  vm,
  owner,
  isOperator,
}: {
  vm: FleetEntry;
  /** Whose it is; undefined where there is only one answer. */
  owner: string | undefined;
  isOperator: boolean;
}) {
  const [asked, setAsked] = useState<'name' | 'suspend'>();
  const change = useChange(vm, () => setAsked(undefined));
  const name = vm.label === '' ? 'Unnamed' : vm.label;
  return (
    <li className="grid gap-x-4 gap-y-2 px-4 py-3 md:grid-cols-[minmax(0,1fr)_11rem_minmax(0,18rem)_auto] md:items-center">
      <div className="min-w-0">
        <p className="flex items-center gap-1 font-medium">
          <span className="truncate">{name}</span>
          <Button
            look="quiet"
            size="icon"
            className="size-7"
            aria-label={`Rename ${name}`}
            onClick={() => setAsked('name')}
          >
            <Pencil className="size-3.5" />
          </Button>
        </p>
        <p className="truncate text-[13px] text-ink-2">
          {owner === undefined ? null : `${owner} · `}
          <code className="font-mono">{vm.vmId.slice(0, 8)}</code>
        </p>
      </div>
      <Standing vm={vm} />
      <dl className="grid grid-cols-3 gap-3 text-[13px] tabular-nums">
        <Figure name="executions">{count(vm.executions)}</Figure>
        <Figure name="duration">{duration(vm.durationMs)}</Figure>
        <Figure name="tokens">{count(vm.tokens)}</Figure>
      </dl>
      {isOperator ? (
        <div className="md:w-24 md:text-right">
          {vm.suspended ? (
            <Button size="sm" busy={change.isPending} onClick={() => change.mutate({ suspended: false })}>
              Let in again
            </Button>
          ) : (
            <Button size="sm" onClick={() => setAsked('suspend')}>
              Suspend
            </Button>
          )}
        </div>
      ) : null}
      <Confirm
        open={asked === 'suspend'}
        onClose={() => setAsked(undefined)}
        onConfirm={() => change.mutate({ suspended: true })}
        busy={change.isPending}
        title={`Suspend ${name}?`}
        verb="Suspend"
      >
        Core takes no more reports from it, and nobody opens it through Core. The VM itself goes on working,
        and its reports come when it is let in again.
      </Confirm>
      <RenameDialog vm={vm} open={asked === 'name'} onClose={() => setAsked(undefined)} />
    </li>
  );
}

type Change = { label?: string; suspended?: boolean };

function useChange(vm: FleetEntry, onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) => api.changeVm({ params: { id: vm.vmId }, body: change }),
    onSuccess: (_, { suspended }) => {
      say(suspended === undefined ? 'Renamed' : suspended ? 'The VM is suspended' : 'The VM is let in again');
      onDone();
    },
    onError: sayProblem,
    onSettled: () => queries.invalidateQueries({ queryKey: ['fleet'] }),
  });
}

function RenameDialog({ vm, open, onClose }: { vm: FleetEntry; open: boolean; onClose(): void }) {
  const [label, setLabel] = useState(vm.label);
  const change = useChange(vm, onClose);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ label: label.trim() });
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Rename the VM"
      lead="Core’s own name for it. The VM is told nothing of it."
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
        {change.error ? <ProblemNote error={change.error} /> : null}
        <Button type="submit" look="primary" busy={change.isPending}>
          Save
        </Button>
      </form>
    </Dialog>
  );
}

/** Whether it reports: never by colour alone. */
function Standing({ vm }: { vm: FleetEntry }) {
  const days = silentFor(vm, useNow(60_000));
  const Icon = vm.suspended ? Ban : days === undefined ? Check : TriangleAlert;
  return (
    <p
      className={cx(
        'flex items-center gap-2 text-[13px]',
        vm.suspended ? 'text-ink-2' : days === undefined ? 'text-ink-2' : 'text-wait',
      )}
    >
      <Icon
        aria-hidden="true"
        className={cx('size-4 shrink-0', days === undefined && !vm.suspended && 'text-good')}
      />
      <span>
        {vm.suspended ? 'suspended' : null}
        {!vm.suspended && days !== undefined ? `silent for ${plural(days, 'day')}` : null}
        {!vm.suspended && days === undefined ? (
          vm.lastReportAt === null ? (
            'enrolled, no report yet'
          ) : (
            <>
              reported <Ago at={vm.lastReportAt} />
            </>
          )
        ) : null}
      </span>
    </p>
  );
}

const Figure = ({ name, children }: { name: string; children: string }) => (
  <div className="min-w-0">
    <dt className="truncate text-ink-2">{name}</dt>
    <dd className="truncate font-medium">{children}</dd>
  </div>
);
