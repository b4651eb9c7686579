/** Who may sign in: customers, and who works for the provider. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CoreSession, CoreUser } from '../../src/contract/core-people.ts';
import { ActForm } from '../ui/act-form.tsx';
import { Button } from '../ui/button.tsx';
import { ShownOnce } from '../ui/copy.tsx';
import { Field, Select, TextField } from '../ui/field.tsx';
import { Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { SearchInput } from '../ui/search-input.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.tsx';
import { api } from './api.ts';
import { CustomerNumber } from './customer-number.tsx';
import { plural } from './plural.ts';
import { usersQuery } from './queries.ts';
import { SuspendUser } from './suspend-user.tsx';

/** The others are found by their names. */
const shown = 10;

export function Users({ session }: { session: CoreSession }) {
  const users = useQuery(usersQuery);
  const queries = useQueryClient();
  const [asked, setAsked] = useState<CoreUser>();
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
  const remove = useMutation({
    mutationFn: (id: string) => api.removeUser({ params: { id } }),
    onSuccess: () => say('The user is removed', 'Their bills stay.'),
    onError: sayProblem,
    onSettled: () => queries.invalidateQueries({ queryKey: ['users'] }),
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
                  <Button size="sm" busy={link.isPending} onClick={() => link.mutate(user)}>
                    New link
                  </Button>
                  {user.vms === 0 ? (
                    <Button size="sm" busy={remove.isPending} onClick={() => remove.mutate(user.id)}>
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
      {sent ? <LinkSent sent={sent} /> : null}
      {session.isOperator ? <NewUser onLink={setSent} /> : null}
      <SuspendUser
        user={asked}
        onClose={() => setAsked(undefined)}
        onSuspend={(id) => change.mutate({ id, suspended: true })}
        busy={change.isPending}
      />
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

/** A link that was made for somebody, by which they set their password. */
type Sent = { login: string; url: string | null };

const linkFor = async ({ id, login }: Pick<CoreUser, 'id' | 'login'>): Promise<Sent> => ({
  login,
  url: (await api.sendLink({ params: { id } })).url,
});

const LinkSent = ({ sent: { login, url } }: { sent: Sent }) => (
  <div className="mb-4">
    {url === null ? (
      <p role="status" className="text-ink-2">
        A link by which {login} sets a password is on its way by mail.
      </p>
    ) : (
      <ShownOnce text={url}>
        <p className="text-[13px] text-ink-2">
          For {login}, who sets a password by it. It works once, within a week.
        </p>
      </ShownOnce>
    )}
  </div>
);

const roles = ['customer', 'support', 'billing', 'operator'] as const;
type Role = (typeof roles)[number];

function NewUser({ onLink }: { onLink(sent: Sent): void }) {
  const queries = useQueryClient();
  const [login, setLogin] = useState('');
  const [role, setRole] = useState<Role>('customer');
  const create = useMutation({
    mutationFn: async () => {
      const made = await api.createUser({ body: { login, ...(role === 'customer' ? {} : { role }) } });
      return await linkFor(made);
    },
    onSuccess: async (sent) => {
      onLink(sent);
      setLogin('');
      setRole('customer');
      await queries.invalidateQueries({ queryKey: ['users'] });
    },
  });
  return (
    <ActForm act={create} verb="Invite" look="plain" className="space-y-3 border-t border-line pt-4">
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="New user’s login"
          hint="Lower-case letters, digits and . _ @ + -; a mail address is mailed the link."
          required
          maxLength={64}
          autoComplete="off"
          autoCapitalize="none"
          value={login}
          onText={setLogin}
        />
        <Field label="Who they are">
          {(props) => (
            <Select {...props} value={role} onChange={({ target }) => setRole(target.value as Role)}>
              {roles.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
    </ActForm>
  );
}
