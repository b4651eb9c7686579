/** Where an invitation and a reset lead: somebody sets a password of their own, and is signed in. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { api } from './api.ts';
import { NewPassword } from './new-password.tsx';

/** The code of the link in the address; undefined where there is none. */
export const linkInAddress = (): string | undefined =>
  /^#link=(link_[A-Za-z0-9_-]{43})$/.exec(window.location.hash)?.[1];

export function Welcome({ code, onDone }: { code: string; onDone(): void }) {
  const queries = useQueryClient();
  const [password, setPassword] = useState('');
  // The code is good once: it does not stay in the address, and so in the browser's history.
  const leave = () => {
    window.history.replaceState(null, '', window.location.pathname);
    onDone();
  };
  const follow = useMutation({
    meta: { signsIn: true },
    mutationFn: () => api.followLink({ body: { code, password } }),
    onSuccess: async () => {
      leave();
      await queries.resetQueries();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    follow.mutate();
  };
  return (
    <>
      <img src="/icon.svg" alt="" className="size-11" />
      <div className="space-y-1">
        <h1 className="text-2xl font-semibold tracking-tight">Set your password</h1>
        <p className="text-ink-2">It signs you in to Alfred Core. The link works once.</p>
      </div>
      <form onSubmit={submit} className="space-y-4 rounded-xl border border-line bg-surface p-4">
        <NewPassword label="Your password" value={password} onChange={setPassword} />
        {follow.error ? <ProblemNote error={follow.error} /> : null}
        <div className="flex flex-wrap items-center justify-between gap-2">
          <Button type="submit" look="primary" busy={follow.isPending}>
            Set it and sign in
          </Button>
          <Button look="quiet" size="sm" onClick={leave}>
            Sign in otherwise
          </Button>
        </div>
      </form>
    </>
  );
}
