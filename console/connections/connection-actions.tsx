/** What can be done with a connection: tried, asked for its tools, changed, removed. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { Connection } from '../../src/contract/connections.ts';
import { api } from '../api/api.ts';
import { Button } from '../ui/button.tsx';
import { plural } from '../ui/format.ts';
import { Pencil, RefreshCw, Stethoscope } from '../ui/icons.tsx';
import { say, sayProblem } from '../ui/toast.tsx';
import { RemoveConnection, type usersOf } from './connection-users.tsx';

const ConnectionForm = lazy(async () => ({
  default: (await import('./connection-form.tsx')).ConnectionForm,
}));

export function ConnectionActions({
  connection,
  test,
  users,
}: {
  connection: Connection;
  test: { isPending: boolean; mutate(): void };
  users: ReturnType<typeof usersOf>;
}) {
  const { name, approved } = connection;
  const [isChanging, setChanging] = useState(false);
  const queries = useQueryClient();
  const discover = useMutation({
    mutationFn: () => api.discoverTools({ params: { name } }),
    onSuccess: ({ tools }) => say(`${plural(tools.length, 'tool')} found`),
    onSettled: () => queries.invalidateQueries({ queryKey: ['connections'] }),
    onError: sayProblem,
  });
  return (
    <>
      <Button
        icon={<Stethoscope className="size-4" />}
        busy={test.isPending}
        disabled={!approved}
        onClick={() => test.mutate()}
      >
        Test
      </Button>
      <Button
        icon={<RefreshCw className="size-4" />}
        busy={discover.isPending}
        disabled={!approved}
        onClick={() => discover.mutate()}
      >
        Look for tools
      </Button>
      <Button icon={<Pencil className="size-4" />} onClick={() => setChanging(true)}>
        Change
      </Button>
      <RemoveConnection connection={connection} users={users} />
      {isChanging ? (
        <Suspense fallback={null}>
          <ConnectionForm
            connection={connection}
            onClose={() => setChanging(false)}
            onSaved={() => test.mutate()}
          />
        </Suspense>
      ) : null}
    </>
  );
}
