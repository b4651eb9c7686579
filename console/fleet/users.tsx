/** Who has VMs here, for the operator. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { CoreSession, CoreUser } from '../../src/contract/core-people.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { plural } from '../ui/format.ts';
import { Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.tsx';
import { api } from './api.ts';
import { usersQuery } from './queries.ts';

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
  return (
    <Panel title="Users">
      {users.error ? <ProblemNote error={users.error} /> : null}
      {users.isPending ? <SkeletonRows rows={2} /> : null}
      <ul className="mb-4 divide-y divide-line">
        {users.data?.map((user) => (
          <li key={user.id} className="flex flex-wrap items-center justify-between gap-3 py-2">
            <span className="min-w-0">
              <span className="block truncate font-medium">{user.login}</span>
              <span className="text-[13px] text-ink-2">
                {user.suspended ? (
                  'suspended'
                ) : (
                  <>
                    added <Ago at={user.createdAt} />
                  </>
                )}
                , {plural(user.vms, 'VM')}
              </span>
            </span>
            <span className="flex flex-wrap items-center gap-2">
              {session.role === 'support' ? null : <CustomerNumber user={user} />}
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
        {users.data?.length === 0 ? (
          <li className="py-2 text-ink-2">
            None yet. A user sees the totals of their own VMs, and may open them.
          </li>
        ) : null}
      </ul>
      {session.isOperator ? <NewUser /> : null}
      <Confirm
        open={asked !== undefined}
        onClose={() => setAsked(undefined)}
        onConfirm={() => (asked ? change.mutate({ id: asked.id, suspended: true }) : undefined)}
        busy={change.isPending}
        title={`Suspend ${asked?.login ?? ''}?`}
        verb="Suspend"
      >
        They are signed out at once, and can open no VM through Core. Their VMs go on working and reporting.
      </Confirm>
    </Panel>
  );
}

/** The provider's own number for them, saved when the field is left. */
function CustomerNumber({ user }: { user: CoreUser }) {
  const queries = useQueryClient();
  const [text, setText] = useState(user.customerNumber);
  const save = useMutation({
    mutationFn: (customerNumber: string) =>
      api.changeUser({ params: { id: user.id }, body: { customerNumber } }),
    onError: (error) => {
      setText(user.customerNumber);
      sayProblem(error);
    },
    // It stands beside each of their VMs as well.
    onSettled: () =>
      Promise.all(['users', 'fleet'].map((noun) => queries.invalidateQueries({ queryKey: [noun] }))),
  });
  return (
    <div className="w-36">
      <Input
        aria-label={`Customer number of ${user.login}`}
        placeholder="Customer no."
        maxLength={40}
        className="h-8 text-[13px]"
        value={text}
        onChange={({ target }) => setText(target.value)}
        onBlur={() => (text.trim() === user.customerNumber ? undefined : save.mutate(text.trim()))}
      />
    </div>
  );
}

function NewUser() {
  const queries = useQueryClient();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const create = useMutation({
    mutationFn: () => api.createUser({ body: { login, password } }),
    onSuccess: async () => {
      say(`${login} may sign in`);
      setLogin('');
      setPassword('');
      await queries.invalidateQueries({ queryKey: ['users'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form onSubmit={submit} className="space-y-3 border-t border-line pt-4">
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="New user’s login" hint="Lower-case letters, digits and . _ @ + -">
          {(props) => (
            <Input
              {...props}
              required
              maxLength={64}
              autoComplete="off"
              autoCapitalize="none"
              value={login}
              onChange={(event) => setLogin(event.target.value)}
            />
          )}
        </Field>
        <Field label="Password" hint="At least 12 characters.">
          {(props) => (
            <Input
              {...props}
              type="password"
              required
              minLength={12}
              maxLength={200}
              autoComplete="new-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
      </div>
      {create.error ? <ProblemNote error={create.error} /> : null}
      <Button type="submit" busy={create.isPending}>
        Add the user
      </Button>
    </form>
  );
}
