/** Where the browser comes back to from another server: finishes the sign-in, and goes on to the connection. */
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { Connection } from '../../src/contract/connections.ts';
import { api } from '../api/api.ts';
import { buttonClass } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { Empty, PageHead } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { say } from '../ui/toast.ts';
import { t } from '../words/t.ts';
import { cameBackTo } from './came-back.ts';

/** It can be finished once, however often the page is drawn. */
let finishing: Promise<Connection> | undefined;

export function LoginCallbackPage() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [problem, setProblem] = useState<unknown>();
  useEffect(() => {
    if (cameBackTo === undefined) return;
    finishing ??= api.finishAnyLogin({ body: { callbackUrl: cameBackTo } });
    finishing.then(
      ({ name, tools, lastError }) => {
        if (lastError === null)
          say(t('Signed in to {name}, with {tools} tools', { name, tools: tools.length }));
        void queries.invalidateQueries({ queryKey: ['connections'] });
        void navigate({ to: '/connections/$name', params: { name }, replace: true });
      },
      (error: unknown) => setProblem(error),
    );
  }, [navigate, queries]);
  if (cameBackTo === undefined) {
    return (
      <Empty
        title={t('Sign-ins to other servers end here')}
        action={
          <Link to="/connections" className={buttonClass()}>
            {t('Connections')}
          </Link>
        }
      >
        {t('None is under way.')}
      </Empty>
    );
  }
  if (problem === undefined) return <PageHead title={t('Signing in …')} lead={t('One moment.')} />;
  return (
    <>
      <PageHead title={t('Nobody is signed in')} />
      <div className="max-w-xl space-y-4">
        <ProblemNote error={problem} />
        <section className="space-y-3 rounded-xl border border-line bg-surface p-4">
          <h2 className="font-semibold">{t('Was it begun in a terminal, or in another browser?')}</h2>
          <p className="text-ink-2">
            {t(
              'Then it is finished there. Copy the address at which this browser ended, and paste it where you are asked for it. It is good once, and for ten minutes.',
            )}
          </p>
          <CopyButton text={cameBackTo} />
        </section>
        <Link to="/connections" className={buttonClass()}>
          {t('Back to the connections')}
        </Link>
      </div>
    </>
  );
}
