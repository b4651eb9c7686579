/** Months: those that are closed, and the next that can be. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button, buttonClass } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { Download } from '../ui/icons.tsx';
import { Panel } from '../ui/panel.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.tsx';
import { api } from './api.ts';
import { lastMonths, monthName } from './months.ts';
import { monthsQuery } from './queries.ts';

const shown = 6;

export function Bills() {
  const months = useQuery(monthsQuery);
  const queries = useQueryClient();
  const [asked, setAsked] = useState<string>();
  const close = useMutation({
    mutationFn: (month: string) => api.closeMonth({ params: { month } }),
    onSuccess: ({ month }) => say(`${monthName(month)} is closed`),
    onError: sayProblem,
    onSettled: async () => {
      setAsked(undefined);
      await queries.invalidateQueries({ queryKey: ['months'] });
    },
  });
  const closed = new Map(months.data?.map(({ month, closedAt }) => [month, closedAt]));
  return (
    <Panel title="Months">
      <ul className="divide-y divide-line">
        {lastMonths(shown + 1)
          .slice(1)
          .map((month) => (
            <li key={month} className="flex flex-wrap items-center justify-between gap-3 py-2">
              <span>
                <span className="block font-medium">{monthName(month)}</span>
                <span className="text-[13px] text-ink-2">
                  {closed.has(month) ? (
                    <>
                      closed <Ago at={closed.get(month) ?? ''} />
                    </>
                  ) : (
                    'over, and still open'
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
                {months.data && !closed.has(month) ? (
                  <Button size="sm" onClick={() => setAsked(month)}>
                    Close
                  </Button>
                ) : null}
              </span>
            </li>
          ))}
      </ul>
      <p className="mt-3 text-[13px] text-ink-2">
        Months and days are in UTC. What a VM reports of a closed month, and what is corrected, is billed with
        the month in which that happens.
      </p>
      <Confirm
        open={asked !== undefined}
        onClose={() => setAsked(undefined)}
        onConfirm={() => (asked === undefined ? undefined : close.mutate(asked))}
        busy={close.isPending}
        title={`Close ${asked === undefined ? '' : monthName(asked)}?`}
        verb="Close"
      >
        Its totals change no more, for good. Silent VMs may still have something to report of it; that is
        billed with the month in which it comes.
      </Confirm>
    </Panel>
  );
}
