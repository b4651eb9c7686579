/** Enrolment tokens that were made and not used yet. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CoreUser } from '../../src/contract/core-people.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { dayTime } from '../ui/format.ts';
import { Panel } from '../ui/panel.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { api } from './api.ts';
import { enrolmentsQuery } from './queries.ts';

export function Enrolments({ users }: { users: readonly CoreUser[] }) {
  const enrolments = useQuery(enrolmentsQuery);
  const queries = useQueryClient();
  const withdraw = useMutation({
    mutationFn: (id: string) => api.withdrawEnrolment({ params: { id } }),
    onSuccess: () => say('The token is withdrawn'),
    onError: sayProblem,
    onSettled: async () => {
      setAsked(undefined);
      await queries.invalidateQueries({ queryKey: ['enrolments'] });
    },
  });
  const [asked, setAsked] = useState<{ id: string; label: string }>();
  if (!enrolments.data || enrolments.data.length === 0) return null;
  const logins = new Map(users.map(({ id, login }) => [id, login]));
  return (
    <Panel title="Enrolments under way">
      <ul className="divide-y divide-line">
        {enrolments.data.map(({ id, label, ownerId, replaces, expiresAt }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-3 py-2">
            <span className="min-w-0">
              <span className="block truncate font-medium">{label === '' ? 'Unnamed' : label}</span>
              <span className="text-[13px] text-ink-2">
                {ownerId !== null && logins.has(ownerId) ? `for ${logins.get(ownerId)}, ` : ''}
                {replaces === null ? '' : `in place of ${replaces.slice(-8)}, `}
                good until {dayTime(expiresAt)}
              </span>
            </span>
            <Button size="sm" onClick={() => setAsked({ id, label })}>
              Withdraw
            </Button>
          </li>
        ))}
      </ul>
      <Confirm
        open={asked !== undefined}
        onClose={() => setAsked(undefined)}
        onConfirm={() => (asked ? withdraw.mutate(asked.id) : undefined)}
        busy={withdraw.isPending}
        title={`Withdraw the token for ${asked?.label || 'a VM without a name'}?`}
        verb="Withdraw"
      >
        No VM can enrol with it any more. You can make another.
      </Confirm>
    </Panel>
  );
}
