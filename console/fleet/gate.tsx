/** Who is signed in sees the fleet; everybody else a form. */
import { type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { isUnauthenticated } from '../api/client.ts';
import { askDevice, hasPasskeys } from '../sign-in/passkeys.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { KeyRound } from '../ui/icons.tsx';
import { SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { api } from './api.ts';
import { FleetPage } from './fleet.tsx';
import { sessionQuery, signInWaysQuery } from './queries.ts';
import { linkInAddress, Welcome } from './welcome.tsx';

export function Gate() {
  const session = useQuery(sessionQuery);
  const [code, setCode] = useState(linkInAddress);
  // A link that is opened where the page is open already changes the address alone.
  useEffect(() => {
    const read = () => setCode(linkInAddress());
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);
  if (session.data && code === undefined) return <FleetPage session={session.data} />;
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-5 p-6">
      {code === undefined ? (
        <Closed session={session} />
      ) : (
        <Welcome code={code} onDone={() => setCode(undefined)} />
      )}
    </main>
  );
}

/** Nobody is signed in, or it is not known yet. */
function Closed({ session: { isPending, error } }: { session: Pick<UseQueryResult, 'isPending' | 'error'> }) {
  if (isPending) return <SkeletonRows rows={3} />;
  return error && isUnauthenticated(error) ? <SignIn /> : <ProblemNote error={error} />;
}

type Assertion = Parameters<typeof api.signInByPasskey>[0]['body'];

/** By a device that knows who uses it; or by a mail, for who forgot. */
function OtherWays({ login }: { login: string }) {
  const queries = useQueryClient();
  const ways = useQuery(signInWaysQuery);
  const byPasskey = useMutation({
    meta: { signsIn: true },
    mutationFn: async () =>
      api.signInByPasskey({ body: (await askDevice(await api.beginPasskeySignIn())) as Assertion }),
    onSuccess: () => queries.resetQueries(),
  });
  const forgot = useMutation({
    mutationFn: () => api.forgotPassword({ body: { login } }),
    onSuccess: () =>
      say('If there is such a login, a mail is on its way', 'The link in it is good for an hour.'),
    onError: sayProblem,
  });
  return (
    <>
      {byPasskey.error ? <ProblemNote error={byPasskey.error} /> : null}
      <div className="flex flex-wrap items-center gap-2">
        {ways.data?.passkey && hasPasskeys() ? (
          <Button
            icon={<KeyRound className="size-4" />}
            busy={byPasskey.isPending}
            onClick={() => byPasskey.mutate()}
          >
            Sign in with a passkey
          </Button>
        ) : null}
        {ways.data?.forgotten ? (
          <Button
            look="quiet"
            size="sm"
            busy={forgot.isPending}
            onClick={() =>
              login === '' ? sayProblem(new Error('Fill in your login first.')) : forgot.mutate()
            }
          >
            I forgot my password
          </Button>
        ) : null}
      </div>
    </>
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
            {isOperator ? 'Sign in with a login' : 'I run this Core'}
          </Button>
        </div>
        {isOperator ? null : <OtherWays login={login} />}
      </form>
    </>
  );
}
