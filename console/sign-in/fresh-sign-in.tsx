import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../api/api.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { t } from '../words/t.ts';
import type { SignInBody } from './passkeys.ts';
import { WaysIn } from './ways-in.tsx';
import { type Asked, openBy } from './with-fresh-sign-in.ts';

/** The window of `withFreshSignIn`, over the page. */
export function FreshSignIn() {
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const [problem, setProblem] = useState<unknown>();
  useEffect(
    () =>
      openBy((next) => {
        setProblem(undefined);
        setAsked(() => next);
      }),
    [],
  );
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
