/**
 * What changes who gets in wants a sign-in of the last minutes. Who is told so signs in once more, over the page, and what they
 * were about to do is done.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../api/api.ts';
import { ApiError } from '../api/client.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { t } from '../words/t.ts';
import type { SignInBody } from './passkeys.ts';
import { WaysIn } from './ways-in.tsx';

type Asked = (isSignedIn: boolean) => void;
/** Of the window that is mounted with the page. */
let openWindow: ((asked: Asked) => void) | undefined;

const isStale = (error: unknown): boolean =>
  error instanceof ApiError && error.problem.code === 'E_SIGN_IN_AGAIN';

/** Does it, after another sign-in where one is wanted. @throws what it throws */
export async function withFreshSignIn<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    const open = openWindow;
    if (!isStale(error) || open === undefined) throw error;
    if (!(await new Promise<boolean>(open))) throw error;
    return await act();
  }
}

export function FreshSignIn() {
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const [problem, setProblem] = useState<unknown>();
  useEffect(() => {
    openWindow = (next) => {
      setProblem(undefined);
      setAsked(() => next);
    };
    return () => {
      openWindow = undefined;
    };
  }, []);
  const end = (isSignedIn: boolean) => {
    asked?.(isSignedIn);
    setAsked(undefined);
  };
  const prove = async (proof: () => Promise<SignInBody>) => {
    setProblem(undefined);
    try {
      await api.signIn({ body: await proof() });
      await queries.invalidateQueries({ queryKey: ['sessions'] });
      end(true);
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <Dialog
      open={asked !== undefined}
      onClose={() => end(false)}
      title={t('Is it you?')}
      lead={t('This changes who can get in, and you signed in a while ago. Sign in once more.')}
    >
      <div className="space-y-4">
        {problem === undefined ? null : <ProblemNote error={problem} />}
        <WaysIn onProve={(proof) => void prove(proof)} />
      </div>
    </Dialog>
  );
}
