/** The fleet at a glance: who is there, who has gone silent, and the totals of a month. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CoreSession, FleetEntry } from '../../src/contract/fleet.ts';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/field.tsx';
import { count, duration, plural } from '../ui/format.ts';
import { LogOut, Plus } from '../ui/icons.tsx';
import { Empty, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { useNow } from '../ui/time.tsx';
import { sayProblem } from '../ui/toast.tsx';
import { api } from './api.ts';
import { EnrolDialog } from './enrol.tsx';
import { lastMonths, monthName, thisMonth } from './months.ts';
import { fleetQuery, usersQuery } from './queries.ts';
import { silentFor } from './silence.ts';
import { Users } from './users.tsx';
import { VmRow } from './vm-row.tsx';

export function FleetPage({ session }: { session: CoreSession }) {
  const [month, setMonth] = useState(thisMonth);
  const [isEnrolling, setEnrolling] = useState(false);
  const fleet = useQuery(fleetQuery(month));
  const users = useQuery({ ...usersQuery, enabled: session.isOperator });
  const logins = new Map(users.data?.map(({ id, login }) => [id, login]));
  const vms = fleet.data ?? [];
  const now = useNow(60_000);
  return (
    <div className="mx-auto max-w-[76rem] px-4 pb-16 md:px-8">
      <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-4">
        <p className="flex items-center gap-2.5 text-[15px] font-semibold">
          <img src="/icon.svg" alt="" className="size-6" /> Alfred Core
        </p>
        <SignOut session={session} />
      </header>
      <main className="space-y-5">
        <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3 pt-2">
          <div className="space-y-1">
            <h1 className="text-[22px] leading-tight font-semibold tracking-tight">Fleet</h1>
            <p className="text-ink-2">{fleet.data ? inWords(vms, now) : ' '}</p>
          </div>
          <div className="flex flex-wrap items-center gap-2">
            <div className="w-44">
              <Select aria-label="Month" value={month} onChange={(event) => setMonth(event.target.value)}>
                {lastMonths(24).map((one) => (
                  <option key={one} value={one}>
                    {monthName(one)}
                  </option>
                ))}
              </Select>
            </div>
            <Button look="primary" icon={<Plus className="size-4" />} onClick={() => setEnrolling(true)}>
              Enrol a VM
            </Button>
          </div>
        </div>
        <Totals vms={vms} month={month} />
        {fleet.error ? <ProblemNote error={fleet.error} /> : null}
        <Panel title="VMs" flush>
          {fleet.isPending ? <SkeletonRows rows={4} /> : null}
          {fleet.data?.length === 0 ? (
            <Empty
              title="No VM yet"
              action={
                <Button look="primary" onClick={() => setEnrolling(true)}>
                  Enrol a VM
                </Button>
              }
            >
              A VM enrols with a token that works once. From then on it reports three numbers, and nothing
              else.
            </Empty>
          ) : null}
          <ul className="divide-y divide-line">
            {vms.map((vm) => (
              <VmRow
                key={vm.vmId}
                vm={vm}
                owner={session.isOperator ? (logins.get(vm.ownerId ?? '') ?? 'nobody') : undefined}
                isOperator={session.isOperator}
              />
            ))}
          </ul>
        </Panel>
        {session.isOperator ? <Users /> : null}
      </main>
      <EnrolDialog open={isEnrolling} onClose={() => setEnrolling(false)} users={users.data ?? []} />
    </div>
  );
}

function Totals({ vms, month }: { vms: readonly FleetEntry[]; month: string }) {
  const sum = (of: (vm: FleetEntry) => number) => vms.reduce((total, vm) => total + of(vm), 0);
  const figures = [
    ['Executions', count(sum((vm) => vm.executions))],
    ['Duration', duration(sum((vm) => vm.durationMs))],
    ['Tokens', count(sum((vm) => vm.tokens))],
  ] as const;
  return (
    <dl
      aria-label={`Totals of ${monthName(month)}`}
      className="grid grid-cols-3 divide-x divide-line rounded-xl border border-line bg-surface"
    >
      {figures.map(([name, figure]) => (
        <div key={name} className="min-w-0 px-4 py-3">
          <dt className="text-[13px] text-ink-2">{name}</dt>
          <dd className="truncate text-lg font-semibold tabular-nums">{figure}</dd>
        </div>
      ))}
    </dl>
  );
}

function SignOut({ session }: { session: CoreSession }) {
  const queries = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => api.signOut(),
    onError: sayProblem,
    onSuccess: () => queries.resetQueries(),
  });
  return (
    <div className="flex items-center gap-2">
      <span className="text-ink-2">{session.login ?? 'operator'}</span>
      <Button
        look="quiet"
        size="sm"
        icon={<LogOut className="size-4" />}
        busy={signOut.isPending}
        onClick={() => signOut.mutate()}
      >
        Sign out
      </Button>
    </div>
  );
}

function inWords(vms: readonly FleetEntry[], now: number): string {
  if (vms.length === 0) return 'Nobody has enrolled yet.';
  const silent = vms.filter((vm) => silentFor(vm, now) !== undefined).length;
  const stopped = vms.filter(({ suspended }) => suspended).length;
  return [
    plural(vms.length, 'VM'),
    silent === 0 ? 'all of them report' : `${silent} silent`,
    ...(stopped === 0 ? [] : [`${stopped} suspended`]),
  ].join(', ');
}
