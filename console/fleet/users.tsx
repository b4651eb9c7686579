/** Who may sign in: customers, and who works for the provider. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CoreSession, CoreUser } from '../../src/contract/core-people.ts';
import { Button } from '../ui/button.tsx';
import { Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { SearchInput } from '../ui/search-input.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { api } from './api.ts';
import { CustomerNumber } from './customer-number.tsx';
import { LinkSent, linkFor, type Sent } from './link-sent.tsx';
import { NewUser } from './new-user.tsx';
import { plural } from './plural.ts';
import { usersQuery } from './queries.ts';
import { RemoveUser } from './remove-user.tsx';
import { SuspendUser } from './suspend-user.tsx';

/** The others are found by their names. */
const shown = 10;

export function Users({ session }: { session: CoreSession }) {
  const users = useQuery(usersQuery);
  const queries = useQueryClient();
  const [asked, setAsked] = useState<CoreUser>();
  const [removed, setRemoved] = useState<CoreUser>();
  const change = useMutation({
    mutationFn: ({ id, suspended }: Pick<CoreUser, 'id' | 'suspended'>) =>
      api.changeUser({ params: { id }, body: { suspended } }),
    onSuccess: (_, { suspended }) => say(suspended ? 'The user is suspended' : 'The user may sign in again'),
    onError: sayProblem,
    onSettled: async () => {
      setAsked(undefined);
      await queries.invalidateQueries({ queryKey: ['users'] });
    },
  });
  const [sent, setSent] = useState<Sent>();
  const link = useMutation({
    mutationFn: (user: Pick<CoreUser, 'id' | 'login'>) => linkFor(user),
    onSuccess: setSent,
    onError: sayProblem,
  });
  const { text, setText, found, listed, showAll } = useListed(users.data ?? []);
  return (
    <Panel title="Users">
      {(users.data?.length ?? 0) > shown ? (
        <SearchInput
          label="Find a user"
          placeholder="Login or customer number"
          text={text}
          onText={setText}
        />
      ) : null}
      {users.error ? <ProblemNote error={users.error} /> : null}
      {users.isPending ? <SkeletonRows rows={2} /> : null}
      <ul className="mb-4 divide-y divide-line" aria-label="Users">
        {listed.map((user) => (
          <li key={user.id} className="flex flex-wrap items-center justify-between gap-3 py-2">
            <span className="min-w-0">
              <span className="block truncate font-medium">{user.login}</span>
              <span className="text-[13px] text-ink-2">
                {user.role === null ? '' : `${user.role}, `}
                {user.suspended ? (
                  'suspended'
                ) : user.invited ? (
                  'has not signed in yet'
                ) : (
                  <>
                    added <Ago at={user.createdAt} />
                  </>
                )}
                {user.role !== null && user.vms === 0 ? null : `, ${plural(user.vms, 'VM')}`}
              </span>
            </span>
            <span className="flex flex-wrap items-center gap-2">
              {session.role === 'support' || user.role !== null ? null : <CustomerNumber user={user} />}
              {session.isOperator ? (
                <>
                  {user.suspended ? (
                    <Button size="sm" onClick={() => change.mutate({ id: user.id, suspended: false })}>
                      Let in again
                    </Button>
                  ) : (
                    <Button size="sm" onClick={() => setAsked(user)}>
                      Suspend
                    </Button>
                  )}
                  {/* A link opens nothing to somebody who is suspended. */}
                  {user.suspended ? null : (
                    <Button size="sm" busy={link.isPending} onClick={() => link.mutate(user)}>
                      New link
                    </Button>
                  )}
                  {user.vms === 0 ? (
                    <Button size="sm" onClick={() => setRemoved(user)}>
                      Remove
                    </Button>
                  ) : null}
                </>
              ) : null}
            </span>
          </li>
        ))}
        {found.length > listed.length ? (
          <li className="py-2">
            <Button size="sm" look="quiet" onClick={showAll}>
              Show all {found.length}
            </Button>
          </li>
        ) : null}
        {users.data && users.data.length > 0 && found.length === 0 ? (
          <li className="py-2 text-ink-2">Nobody is called so.</li>
        ) : null}
        {users.data?.length === 0 ? (
          <li className="py-2 text-ink-2">
            None yet. A customer sees the totals of their own VMs, and may open them.
          </li>
        ) : null}
      </ul>
      {sent ? <LinkSent sent={sent} onClose={() => setSent(undefined)} /> : null}
      {session.isOperator ? <NewUser onLink={setSent} /> : null}
      <SuspendUser
        user={asked}
        onClose={() => setAsked(undefined)}
        onSuspend={(id) => change.mutate({ id, suspended: true })}
        busy={change.isPending}
      />
      <RemoveUser user={removed} onDone={() => setRemoved(undefined)} />
    </Panel>
  );
}

/** Those whose name has a text in it, a few at first. */
function useListed(users: readonly CoreUser[]) {
  const [text, setText] = useState('');
  const [isAll, setAll] = useState(false);
  const found = users.filter(({ login, customerNumber }) =>
    `${login} ${customerNumber}`.toLowerCase().includes(text.trim().toLowerCase()),
  );
  return { text, setText, found, listed: isAll ? found : found.slice(0, shown), showAll: () => setAll(true) };
}
