/** The fleet at a glance: what needs somebody first, and what is billed with a month. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CoreSession, CoreUser } from '../../src/contract/core-people.ts';
import {
  type Fleet,
  type FleetQuery,
  fleetQuerySchema,
  type Totals as Numbers,
} from '../../src/contract/fleet.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { Select } from '../ui/field.tsx';
import { count, duration } from '../ui/format.ts';
import { LogOut } from '../ui/icons.tsx';
import { Download, Plus } from '../ui/more-icons.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { sayProblem } from '../ui/toast.ts';
import { useSettled } from '../ui/use-settled.ts';
import { Account } from './account.tsx';
import { Acts } from './acts.tsx';
import { Alerts } from './alerts.tsx';
import { api } from './api.ts';
import { Backups } from './backups.tsx';
import { Bills } from './bills.tsx';
import { EnrolDialog } from './enrol.tsx';
import { Enrolments } from './enrolments.tsx';
import { Known } from './known.tsx';
import { monthName, monthsSince, thisMonth } from './months.ts';
import { plural } from './plural.ts';
import { fleetQuery, monthsQuery, usersQuery } from './queries.ts';
import { Tokens } from './tokens.tsx';
import { Users } from './users.tsx';
import { VmTable } from './vm-table.tsx';

/** One and the same: rows are drawn anew when they are given another. */
const nobody: readonly CoreUser[] = [];

export function FleetPage({ session }: { session: CoreSession }) {
  const [query, setQuery] = useState<FleetQuery>(() =>
    fleetQuerySchema.parse({ month: thisMonth(), limit: 50 }),
  );
  const [isEnrolling, setEnrolling] = useState(false);
  const q = useSettled(query.q);
  const fleet = useQuery(fleetQuery({ ...query, q }));
  const isProvider = session.role !== null;
  const users = useQuery({ ...usersQuery, enabled: isProvider });
  const months = useQuery(monthsQuery);
  const month = query.month ?? thisMonth();
  const mayEnrol = session.role !== 'billing';
  // What is looked for anew begins at its first page.
  const look = (change: Partial<FleetQuery>) => setQuery({ ...query, offset: 0, ...change });
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
            <p className="text-ink-2">{fleet.data ? inWords(fleet.data) : ' '}</p>
          </div>
          <div className="flex flex-wrap items-center gap-2">
            <div className="w-full sm:w-52">
              <Select
                aria-label="Month"
                value={month}
                onChange={(event) => look({ month: event.target.value })}
              >
                {monthsSince(months.data?.first ?? thisMonth()).map((one) => (
                  <option key={one} value={one}>
                    {monthName(one)}
                  </option>
                ))}
              </Select>
            </div>
            <a
              className={buttonClass()}
              href={`/v1/billing/${month}/export?format=csv`}
              download
              title={`The bills of ${monthName(month)}, by day`}
            >
              <Download aria-hidden="true" className="size-4" />
              CSV
            </a>
            {mayEnrol ? (
              <Button look="primary" icon={<Plus className="size-4" />} onClick={() => setEnrolling(true)}>
                Enrol a VM
              </Button>
            ) : null}
          </div>
        </div>
        <Totals totals={fleet.data?.totals} month={month} />
        {fleet.error ? <ProblemNote error={fleet.error} /> : null}
        <VmTable
          fleet={fleet.data}
          query={query}
          onQuery={look}
          session={session}
          users={users.data ?? nobody}
          onEnrol={mayEnrol ? () => setEnrolling(true) : undefined}
        />
        {isProvider ? <Alerts session={session} /> : null}
        {isProvider ? <Backups /> : null}
        {mayEnrol ? <Enrolments users={users.data ?? []} /> : null}
        {session.role === 'operator' || session.role === 'billing' ? (
          <Bills fleet={fleet.data} users={users.data ?? nobody} />
        ) : null}
        {isProvider ? <Users session={session} /> : null}
        {session.isOperator ? <Tokens /> : null}
        {session.isOperator ? <Acts /> : null}
        {session.hasAccount ? <Account /> : null}
        <Known isProvider={isProvider} />
      </main>
      <EnrolDialog
        open={isEnrolling}
        onClose={() => setEnrolling(false)}
        users={session.role === null ? [] : (users.data ?? [])}
      />
    </div>
  );
}

function Totals({ totals, month }: { totals: Numbers | undefined; month: string }) {
  const figures = [
    ['Executions', count(totals?.executions ?? 0)],
    ['Duration', duration(totals?.durationMs ?? 0)],
    ['Tokens', count(totals?.tokens ?? 0)],
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
      <span className="text-ink-2">
        {session.login ?? session.role}
        {session.login !== null && session.role !== null ? `, ${session.role}` : ''}
      </span>
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

/** `203 VMs, 1 reporting twice, 2 silent, 1 to look into, 1 suspended, 3 without a report yet`. */
function inWords({ counts, attention }: Fleet): string {
  const { copied, silent, suspended, never, reporting } = counts;
  const all = copied + silent + suspended + never + reporting;
  const odd = attention - copied - silent - suspended;
  if (all === 0) return 'No VM here.';
  const said = [
    copied > 0 ? `${copied} reporting twice` : '',
    silent > 0 ? `${silent} silent` : '',
    odd > 0 ? `${odd} to look into` : '',
    suspended > 0 ? `${suspended} suspended` : '',
    never > 0 ? `${never} without a report yet` : '',
  ].filter((words) => words !== '');
  return `${plural(all, 'VM')}, ${said.length === 0 ? 'all of them report' : said.join(', ')}`;
}
