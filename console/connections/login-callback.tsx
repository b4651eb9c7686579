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
import { say } from '../ui/toast.tsx';
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
        if (lastError === null) say(`Signed in to ${name}, with ${tools.length} tools`);
        void queries.invalidateQueries({ queryKey: ['connections'] });
        void navigate({ to: '/connections/$name', params: { name }, replace: true });
      },
      (error: unknown) => setProblem(error),
    );
  }, [navigate, queries]);
  if (cameBackTo === undefined) {
    return (
      <Empty
        title="Sign-ins to other servers end here"
        action={
          <Link to="/connections" className={buttonClass()}>
            Connections
          </Link>
        }
      >
        None is under way.
      </Empty>
    );
  }
  if (problem === undefined) return <PageHead title="Signing in …" lead="One moment." />;
  return (
    <>
      <PageHead title="Nobody is signed in" />
      <div className="max-w-xl space-y-4">
        <ProblemNote error={problem} />
        <section className="space-y-3 rounded-xl border border-line bg-surface p-4">
          <h2 className="font-semibold">Was it begun in a terminal, or in another browser?</h2>
          <p className="text-ink-2">
            Then it is finished there. Copy the address at which this browser ended, and paste it where you
            are asked for it. It is good once, and for ten minutes.
          </p>
          <CopyButton text={cameBackTo} />
        </section>
        <Link to="/connections" className={buttonClass()}>
          Back to the connections
        </Link>
      </div>
    </>
  );
}
