/**
 * Signs in by whichever way, of itself with the code behind the `#` of a one-time link, and goes back to where the sign-in was asked for. The code is taken
 * out of the address before anything else happens, so it stays in no history; this script alone uses it, so no prefetch of the
 * link can use it up.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { api } from '../api/api.ts';
import { sessionKey } from '../api/query-client.ts';
import { codeIn } from '../sign-in/code.ts';
import type { SignInBody } from '../sign-in/passkeys.ts';
import { onDemand } from '../ui/on-demand.tsx';
import { SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { t } from '../words/t.ts';

// Who is signed in needs none of it.
const WaysIn = onDemand(
  async () => (await import('../sign-in/ways-in.tsx')).WaysIn,
  () => <SkeletonRows rows={2} />,
);

function takeCode(): string | undefined {
  const code = codeIn(location.hash.slice(1));
  if (code !== undefined) history.replaceState(history.state, '', location.pathname + location.search);
  return code;
}

/** Where the sign-in was asked for, in this tab: a link opens the first page. */
const wanted = {
  place: 'alfred-wanted',
  keep(): void {
    const address = location.pathname + location.search + location.hash;
    if (address !== '/') sessionStorage.setItem(wanted.place, address);
  },
  take(): string | undefined {
    const address = sessionStorage.getItem(wanted.place) ?? undefined;
    sessionStorage.removeItem(wanted.place);
    return location.pathname === '/' ? address : undefined;
  },
};

const onceVisible = (work: () => void): void => {
  // A page that the browser prepares before anybody asked for it must not sign in.
  if ('prerendering' in document && document.prerendering) {
    document.addEventListener('prerenderingchange', work, { once: true });
  } else work();
};

let pendingCode = takeCode();

/** @param isAgain it was signed in here before, and what was being done stays as it is */
export function SignIn({ isAgain = false }: { isAgain?: boolean }) {
  const [isBusy, setBusy] = useState(pendingCode !== undefined);
  const [problem, setProblem] = useState<unknown>();
  const signIn = useSignIn({ isAgain, onBusy: setBusy, onProblem: setProblem });
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-5 p-6">
      <img src="/icon.svg" alt="" className="size-11" />
      <div className="space-y-1">
        <h1 className="text-2xl font-semibold tracking-tight">
          {isAgain ? t('You are signed out') : t('Alfred')}
        </h1>
        <p className="text-ink-2" role="status">
          {isBusy
            ? t('Signing in …')
            : isAgain
              ? t(
                  'Your session has ended. Sign in again, and you are back where you were: nothing you wrote is lost.',
                )
              : t('This is a private server, for its owner alone.')}
        </p>
      </div>
      {problem === undefined ? null : <ProblemNote error={problem} />}
      {isBusy ? null : <WaysIn onProve={(prove) => void signIn(prove)} />}
    </main>
  );
}

function useSignIn({
  isAgain,
  onBusy,
  onProblem,
}: {
  isAgain: boolean;
  onBusy(isBusy: boolean): void;
  onProblem(problem: unknown): void;
}) {
  const queries = useQueryClient();
  const router = useRouter();
  const signIn = useCallback(
    async (prove: () => Promise<SignInBody>) => {
      onBusy(true);
      onProblem(undefined);
      try {
        await api.signIn({ body: await prove() });
        const address = wanted.take();
        if (address !== undefined) router.history.replace(address);
        await (isAgain ? queries.invalidateQueries({ queryKey: sessionKey }) : queries.resetQueries());
      } catch (error) {
        onProblem(error);
      } finally {
        onBusy(false);
      }
    },
    [isAgain, queries, router, onBusy, onProblem],
  );
  useEffect(() => {
    const begin = () =>
      onceVisible(() => {
        const code = pendingCode ?? takeCode();
        pendingCode = undefined;
        if (code !== undefined) void signIn(async () => ({ code }));
        else wanted.keep();
      });
    begin();
    // A link opened in a tab that stands here already changes the fragment alone; one opened in another signs in this one too.
    const look = () => void queries.invalidateQueries({ queryKey: sessionKey });
    window.addEventListener('hashchange', begin);
    window.addEventListener('focus', look);
    return () => {
      window.removeEventListener('hashchange', begin);
      window.removeEventListener('focus', look);
    };
  }, [signIn, queries]);
  return signIn;
}
