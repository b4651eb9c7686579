/** Who is signed in sees the fleet; everybody else a form. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { isUnauthenticated } from '../api/client.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { api } from './api.ts';
import { FleetPage } from './fleet.tsx';
import { sessionQuery } from './queries.ts';

export function Gate() {
  const session = useQuery(sessionQuery);
  if (session.data) return <FleetPage session={session.data} />;
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-5 p-6">
      {session.isPending ? <SkeletonRows rows={3} /> : null}
      {session.error && !isUnauthenticated(session.error) ? <ProblemNote error={session.error} /> : null}
      {session.error && isUnauthenticated(session.error) ? <SignIn /> : null}
    </main>
  );
}

function SignIn() {
  const queries = useQueryClient();
  const [isOperator, setOperator] = useState(false);
  const [login, setLogin] = useState('');
  const [secret, setSecret] = useState('');
  const signIn = useMutation({
    meta: { signsIn: true },
    mutationFn: () =>
      api.signInPage({ body: isOperator ? { operatorToken: secret.trim() } : { login, password: secret } }),
    onSuccess: () => queries.resetQueries(),
    onError: () => setSecret(''),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <>
      <img src="/icon.svg" alt="" className="size-11" />
      <div className="space-y-1">
        <h1 className="text-2xl font-semibold tracking-tight">Alfred Core</h1>
        <p className="text-ink-2">
          The VMs of a provider, and three numbers of each: executions, their duration, tokens. Core knows
          nothing else of them.
        </p>
      </div>
      <form onSubmit={submit} className="space-y-4 rounded-xl border border-line bg-surface p-4">
        {isOperator ? null : (
          <Field label="Login">
            {(props) => (
              <Input
                {...props}
                autoComplete="username"
                autoCapitalize="none"
                required
                value={login}
                onChange={(event) => setLogin(event.target.value)}
              />
            )}
          </Field>
        )}
        <Field
          label={isOperator ? 'Operator’s token' : 'Password'}
          hint={
            isOperator
              ? 'In $CORE_HOME/admin-token, on the machine that Core runs on; or one that the operator made for you.'
              : undefined
          }
        >
          {(props) => (
            <Input
              {...props}
              type="password"
              autoComplete={isOperator ? 'off' : 'current-password'}
              required
              value={secret}
              onChange={(event) => setSecret(event.target.value)}
            />
          )}
        </Field>
        {signIn.error ? <ProblemNote error={signIn.error} /> : null}
        <div className="flex flex-wrap items-center justify-between gap-2">
          <Button type="submit" look="primary" busy={signIn.isPending}>
            Sign in
          </Button>
          <Button look="quiet" size="sm" onClick={() => setOperator(!isOperator)}>
            {isOperator ? 'Sign in as a user' : 'I run this Core'}
          </Button>
        </div>
      </form>
    </>
  );
}
