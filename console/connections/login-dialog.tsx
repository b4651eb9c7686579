/** Signs in to an MCP server, which says by itself whom the sign-in is with and what is asked for. */
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Connection } from '../../src/contract/connections.ts';
import { api } from '../api/api.ts';
import { Dialog } from '../ui/dialog.tsx';
import { SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { t } from '../words/t.ts';
import { Begun, comesBack } from './login-begun.tsx';
import { LoginOptions, type LoginWish, noWish, wishBody } from './login-options.tsx';

export function LoginDialog({ connection: { name }, onClose }: { connection: Connection; onClose(): void }) {
  const [wish, setWish] = useState<LoginWish>(noWish);
  const begin = useMutation({
    mutationFn: (given: LoginWish) =>
      api.beginLogin({
        params: { name },
        body: { way: comesBack ? 'console' : 'paste', ...wishBody(given) },
      }),
  });
  const { mutate } = begin;
  const hasBegun = useRef(false);
  useEffect(() => {
    if (hasBegun.current) return;
    hasBegun.current = true;
    mutate(noWish);
  }, [mutate]);
  const leave = () => {
    // What was begun is of no use to anybody: its end does not depend on whether this is heard.
    if (begin.data) void api.cancelLogin({ params: { name } }).catch(() => {});
    onClose();
  };
  return (
    <Dialog open onClose={leave} title={t('Sign in to {name}', { name })}>
      <div className="space-y-4">
        {begin.isPending ? <SkeletonRows rows={2} /> : null}
        {begin.error ? <ProblemNote error={begin.error} /> : null}
        {begin.data ? <Begun name={name} begun={begin.data} onDone={onClose} /> : null}
        <LoginOptions
          wish={wish}
          onWish={setWish}
          isOpen={begin.isError}
          busy={begin.isPending}
          onBegin={() => begin.mutate(wish)}
        />
      </div>
    </Dialog>
  );
}
