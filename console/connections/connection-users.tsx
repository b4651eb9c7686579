/** Which skills stand on a connection, and its removal, which names them. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Connection } from '../../src/contract/connections.ts';
import type { Skill } from '../../src/contract/skills.ts';
import { api } from '../api/api.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { plural } from '../ui/format.ts';
import { Trash2 } from '../ui/icons.tsx';
import { Panel } from '../ui/panel.tsx';
import { say, sayProblem } from '../ui/toast.tsx';

type User = Pick<Skill, 'slug' | 'name' | 'isActive'>;

/** The skills whose steps may use a tool of the connection. */
export const usersOf = (connection: string, skills: Skill[]): User[] =>
  skills.filter(({ connectionNames }) => connectionNames.includes(connection));

export const ConnectionUsers = ({ users }: { users: User[] }) => (
  <Panel title="Used by">
    {users.length === 0 ? (
      <p className="text-ink-2">No skill uses it yet. A step of a skill chooses among its tools.</p>
    ) : (
      <ul className="flex flex-wrap gap-x-5 gap-y-1.5">
        {users.map(({ slug, name, isActive }) => (
          <li key={slug}>
            <Link
              to="/skills/$slug"
              params={{ slug }}
              className="font-medium underline decoration-line-strong underline-offset-4 hover:decoration-current"
            >
              {name}
            </Link>
            {isActive ? null : <span className="text-ink-2"> (off)</span>}
          </li>
        ))}
      </ul>
    )}
  </Panel>
);

export function RemoveConnection({ connection: { name }, users }: { connection: Connection; users: User[] }) {
  const [isAsking, setAsking] = useState(false);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const active = users.filter(({ isActive }) => isActive);
  const remove = useMutation({
    mutationFn: () => api.removeConnection({ params: { name } }),
    onSuccess: async () => {
      await navigate({ to: '/connections' });
      await queries.invalidateQueries({ queryKey: ['connections'] });
      say(`${name} was removed`);
    },
    onError: (error) => {
      setAsking(false);
      sayProblem(error);
    },
  });
  return (
    <>
      <Button look="quiet" size="icon" aria-label="Remove this connection" onClick={() => setAsking(true)}>
        <Trash2 className="size-4" />
      </Button>
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => remove.mutate()}
        busy={remove.isPending}
        title={`Remove ${name}?`}
        verb="Remove"
      >
        <p>Its secrets are gone with it. What its tools did in past runs stays on record.</p>
        {users.length > 0 ? (
          <p className="mt-2">
            {plural(users.length, 'skill')} cannot run without it:{' '}
            <strong className="font-medium text-ink">{users.map((user) => user.name).join(', ')}</strong>.
          </p>
        ) : null}
        {active.length > 0 ? (
          <p className="mt-2">
            It stays while {active.length === 1 ? 'that one is' : 'those are'} on: switch off or change{' '}
            {active.map((user) => user.name).join(', ')} first.
          </p>
        ) : null}
      </Confirm>
    </>
  );
}
