/**
 * Signs in to a connection's server: says whom the sign-in is with and what is asked for before the browser goes there, and takes
 * the address at which it ends where it cannot come back by itself.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Connection } from '../../src/contract/connections.ts';
import type { LoginBegun } from '../../src/contract/logins.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { api } from '../api/api.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { say } from '../ui/toast.tsx';
import { LoginOptions, type LoginWish, noWish, wishBody } from './login-options.tsx';
import { Scopes } from './scopes.tsx';

/** Whether authorization servers send a browser back to where this page is: by https, or on this machine. */
const comesBack =
  location.protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(location.hostname);

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
    <Dialog open onClose={leave} title={`Sign in to ${name}`}>
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

function Begun({ name, begun, onDone }: { name: string; begun: LoginBegun; onDone(): void }) {
  // The VM checks it as well: whatever it is, a page never opens anything but a page.
  const isPage = /^https?:\/\//i.test(begun.url);
  const { host } = new URL(begun.issuer);
  return (
    <>
      <p>
        You sign in with <strong className="break-all">{visibleText(begun.issuer)}</strong>. Go on only if you
        know it.
      </p>
      {begun.scope === null ? null : (
        <div className="space-y-1.5">
          <p className="text-ink-2">It is asked to let Alfred:</p>
          <Scopes text={begun.scope} />
        </div>
      )}
      {isPage ? (
        <a
          className={buttonClass('primary')}
          href={begun.url}
          rel="noreferrer"
          {...(comesBack ? {} : { target: '_blank' })}
        >
          Go on to {visibleText(host)}
        </a>
      ) : null}
      {comesBack ? null : <PasteBack name={name} onDone={onDone} />}
    </>
  );
}

/** For a console at an address to which no authorization server sends a browser back. */
function PasteBack({ name, onDone }: { name: string; onDone(): void }) {
  const queries = useQueryClient();
  const [address, setAddress] = useState('');
  const finish = useMutation({
    mutationFn: () => api.finishLogin({ params: { name }, body: { callbackUrl: address } }),
    onSuccess: ({ tools }) => {
      say(`Signed in to ${name}, with ${tools.length} tools`);
      onDone();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['connections'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    finish.mutate();
  };
  return (
    <form onSubmit={submit} className="space-y-3">
      <Field
        label="The address at which it ends"
        hint="The page may not open, as it is on the machine that Alfred runs on. Copy all of its address."
      >
        {(props) => (
          <Input
            {...props}
            autoComplete="off"
            spellCheck={false}
            placeholder="http://127.0.0.1:4280/oauth/callback?code=…"
            value={address}
            onChange={({ target }) => setAddress(target.value)}
          />
        )}
      </Field>
      {finish.error ? <ProblemNote error={finish.error} /> : null}
      <Button type="submit" look="primary" busy={finish.isPending} disabled={address.trim() === ''}>
        Finish
      </Button>
    </form>
  );
}
