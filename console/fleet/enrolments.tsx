/** Enrolment tokens that were made and not used yet. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { CoreUser } from '../../src/contract/core-people.ts';
import { Button } from '../ui/button.tsx';
import { dayTime } from '../ui/format.ts';
import { Panel } from '../ui/panel.tsx';
import { say, sayProblem } from '../ui/toast.tsx';
import { api } from './api.ts';
import { enrolmentsQuery } from './queries.ts';

export function Enrolments({ users }: { users: readonly CoreUser[] }) {
  const enrolments = useQuery(enrolmentsQuery);
  const queries = useQueryClient();
  const withdraw = useMutation({
    mutationFn: (id: string) => api.withdrawEnrolment({ params: { id } }),
    onSuccess: () => say('The token is withdrawn'),
    onError: sayProblem,
    onSettled: () => queries.invalidateQueries({ queryKey: ['enrolments'] }),
  });
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
            <Button size="sm" busy={withdraw.isPending} onClick={() => withdraw.mutate(id)}>
              Withdraw
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
