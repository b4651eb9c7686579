/**
 * Signs in with the code behind the `#` of a one-time link. The code is taken out of the address before anything else
 * happens, so it stays in no history; this script alone uses it, so no prefetch of the link can use it up.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../api/api.ts';
import { ProblemNote } from '../ui/problem.tsx';

function takeCode(): string | undefined {
  const code = new URLSearchParams(location.hash.slice(1)).get('code') ?? undefined;
  if (code !== undefined) history.replaceState(history.state, '', location.pathname);
  return code;
}

const onceVisible = (work: () => void): void => {
  // A page that the browser prepares before anybody asked for it must not sign in.
  if ('prerendering' in document && document.prerendering) {
    document.addEventListener('prerenderingchange', work, { once: true });
  } else work();
};

let pendingCode = takeCode();

export function SignIn() {
  const queries = useQueryClient();
  const [problem, setProblem] = useState<unknown>();
  const [isBusy, setBusy] = useState(pendingCode !== undefined);
  useEffect(() => {
    const signIn = async () => {
      const code = pendingCode ?? takeCode();
      pendingCode = undefined;
      if (code === undefined) return;
      setBusy(true);
      try {
        await api.signIn({ body: { code } });
        await queries.resetQueries();
      } catch (error) {
        setProblem(error);
      } finally {
        setBusy(false);
      }
    };
    const begin = () => onceVisible(() => void signIn());
    begin();
    // A link opened in a tab that stands here already changes the fragment alone.
    window.addEventListener('hashchange', begin);
    return () => window.removeEventListener('hashchange', begin);
  }, [queries]);
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-5 p-6">
      <img src="/icon.svg" alt="" className="size-11" />
      <div className="space-y-1">
        <h1 className="text-2xl font-semibold tracking-tight">Alfred</h1>
        <p className="text-ink-2" role="status">
          {isBusy
            ? 'Signing in …'
            : 'This is a private server. Its owner signs in with a link that works once.'}
        </p>
      </div>
      {problem === undefined ? null : <ProblemNote error={problem} />}
      {/* Ways to come in, one beneath the other: passkeys will be the first. */}
      {isBusy ? null : (
        <div className="space-y-2 rounded-xl border border-line bg-surface p-4">
          <p>On the machine that it runs on, in its folder:</p>
          <pre className="overflow-x-auto rounded-lg bg-sunken px-3 py-2 font-mono text-[13px]">
            npx alfred status --link
          </pre>
          <p className="text-[13px] text-ink-2">
            It prints a link. Open it in this browser, within 15 minutes.
          </p>
        </div>
      )}
    </main>
  );
}
