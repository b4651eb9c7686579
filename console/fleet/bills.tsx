/** Months: those that are closed, and those that can be. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CoreUser } from '../../src/contract/core-people.ts';
import type { Fleet } from '../../src/contract/fleet.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { Download } from '../ui/more-icons.tsx';
import { Panel } from '../ui/panel.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { api } from './api.ts';
import { monthName, monthsSince, thisMonth } from './months.ts';
import { plural } from './plural.ts';
import { monthsQuery } from './queries.ts';

const shown = 6;

export function Bills({ fleet, users }: { fleet: Fleet | undefined; users: readonly CoreUser[] }) {
  const months = useQuery(monthsQuery);
  const [asked, setAsked] = useState<string>();
  const [isAll, setAll] = useState(false);
  const closed = new Map(months.data?.items.map(({ month, closedAt }) => [month, closedAt]));
  const over = monthsSince(months.data?.first ?? thisMonth()).slice(1);
  const unnumbered = users.filter(
    ({ role, vms, customerNumber }) => role === null && vms > 0 && customerNumber === '',
  ).length;
  return (
    <Panel title="Months">
      <ul className="divide-y divide-line">
        {(isAll ? over : over.slice(0, shown)).map((month) => (
          <Month key={month} month={month} closedAt={closed.get(month)} onClose={() => setAsked(month)} />
        ))}
        {over.length > shown && !isAll ? (
          <li className="py-2">
            <Button size="sm" look="quiet" onClick={() => setAll(true)}>
              Show all {over.length}
            </Button>
          </li>
        ) : null}
        {months.data && over.length === 0 ? (
          <li className="py-2 text-ink-2">
            The first to bill is {monthName(thisMonth())}. It can be closed when it is over.
          </li>
        ) : null}
      </ul>
      {unnumbered > 0 ? (
        <p className="mt-3 text-[13px] text-wait">
          {plural(unnumbered, 'customer with VMs has', 'customers with VMs have')} no customer number: give it
          under Users, for it is missing in the CSV.
        </p>
      ) : null}
      <p className="mt-3 text-[13px] text-ink-2">
        A CSV has a line for each day, customer and VM; its sum is the bill. Months and days are in UTC. What
        a VM reports of a closed month, and what is corrected, is billed with the month in which that happens.
        To correct a bill: a VM’s menu, Correct its bill.
      </p>
      <CloseMonth month={asked} silent={fleet?.counts.silent ?? 0} onDone={() => setAsked(undefined)} />
    </Panel>
  );
}

function Month({
  month,
  closedAt,
  onClose,
}: {
  month: string;
  closedAt: string | undefined;
  onClose(): void;
}) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-2">
      <span>
        <span className="block font-medium">{monthName(month)}</span>
        <span className="text-[13px] text-ink-2">
          {closedAt === undefined ? (
            'over, and still open'
          ) : (
            <>
              closed <Ago at={closedAt} />
            </>
          )}
        </span>
      </span>
      <span className="flex gap-2">
        <a
          className={buttonClass('plain', 'sm')}
          href={`/v1/billing/${month}/export?format=csv`}
          download
          aria-label={`${monthName(month)} as CSV`}
        >
          <Download aria-hidden="true" className="size-4" />
          CSV
        </a>
        {closedAt === undefined ? (
          <Button size="sm" aria-label={`Close ${monthName(month)}`} onClick={onClose}>
            Close
          </Button>
        ) : null}
      </span>
    </li>
  );
}

function CloseMonth({
  month,
  silent,
  onDone,
}: {
  month: string | undefined;
  silent: number;
  onDone(): void;
}) {
  const queries = useQueryClient();
  const close = useMutation({
    mutationFn: (one: string) => api.closeMonth({ params: { month: one } }),
    onSuccess: (closed) => say(`${monthName(closed.month)} is closed`, 'Its CSV changes no more.'),
    onError: sayProblem,
    onSettled: async () => {
      onDone();
      await queries.invalidateQueries({ queryKey: ['months'] });
    },
  });
  const name = month === undefined ? '' : monthName(month);
  return (
    <Confirm
      open={month !== undefined}
      onClose={onDone}
      onConfirm={() => (month === undefined ? undefined : close.mutate(month))}
      busy={close.isPending}
      title={`Close ${name}?`}
      verb={`Close ${name}`}
      keep="Leave it open"
    >
      Its totals change no more, for good.{' '}
      {silent === 0
        ? 'What a VM still reports of it'
        : `${plural(silent, 'VM is', 'VMs are')} silent and may still have something to report of it: that`}{' '}
      is billed with the month in which it comes.
    </Confirm>
  );
}
