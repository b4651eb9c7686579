/** A sign-in that has begun: whom it is with, where to go, and the address to paste where the browser cannot come back by itself. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { LoginBegun } from '../../src/contract/logins.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { api } from '../api/api.ts';
import { ActForm } from '../ui/act-form.tsx';
import { buttonClass } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { say } from '../ui/toast.ts';
import { rich, t } from '../words/t.ts';
import { Scopes } from './scopes.tsx';

/** Whether authorization servers send a browser back to where this page is: by https, or on this machine. */
export const comesBack =
  location.protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(location.hostname);

export function Begun({ name, begun, onDone }: { name: string; begun: LoginBegun; onDone(): void }) {
  // The VM checks it as well: whatever it is, a page never opens anything but a page.
  const isPage = /^https?:\/\//i.test(begun.url);
  const { host } = new URL(begun.issuer);
  return (
    <>
      <p>
        {rich('You sign in with {issuer}. Go on only if you know it.', {
          issuer: <strong className="break-all">{visibleText(begun.issuer)}</strong>,
        })}
      </p>
      {begun.scope === null ? null : (
        <div className="space-y-1.5">
          <p className="text-ink-2">{t('It is asked to let Alfred:')}</p>
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
          {t('Go on to {host}', { host: visibleText(host) })}
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
      say(t('Signed in to {name}, with {tools} tools', { name, tools: tools.length }));
      onDone();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['connections'] }),
  });
  return (
    <ActForm act={finish} verb={t('Finish')} isReady={address.trim() !== ''} className="space-y-3">
      <Field
        label={t('The address at which it ends')}
        hint={t(
          'The page may not open, as it is on the machine that Alfred runs on. Copy all of its address.',
        )}
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
    </ActForm>
  );
}
