/** The ways to come in, one beneath the other: those that are set up, and the link, which always works. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { signInWaysQuery } from '../api/sign-in-queries.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { KeyRound } from '../ui/icons.tsx';
import { SkeletonRows } from '../ui/panel.tsx';
import { rich, t } from '../words/t.ts';
import { codeIn } from './code.ts';
import { askPasskey, hasPasskeys, type SignInBody } from './passkeys.ts';

/** @param onProve is given what proves who it is, once it is there */
export function WaysIn({ onProve }: { onProve(prove: () => Promise<SignInBody>): void }) {
  const ways = useQuery(signInWaysQuery);
  if (ways.isPending) return <SkeletonRows rows={2} />;
  const passkey = ways.data?.passkey;
  const hasPasskey = passkey?.isSet === true && passkey.isHere && hasPasskeys();
  const hasPassword = ways.data?.password === true;
  const byLink = <ByLink onCode={(code) => onProve(async () => ({ code }))} />;
  return (
    <div className="space-y-4">
      {hasPasskey ? (
        <Button
          look="primary"
          icon={<KeyRound aria-hidden="true" className="size-4" />}
          className="w-full justify-center"
          onClick={() => onProve(askPasskey)}
        >
          {t('Sign in with a passkey')}
        </Button>
      ) : null}
      {passkey?.isSet === true && !passkey.isHere && passkey.address !== null ? (
        <p className="text-ink-2">
          {rich('Browsers take your passkeys at {address} and not at this address.', {
            address: (
              <a href={passkey.address} className="font-medium text-accent hover:underline">
                {passkey.address}
              </a>
            ),
          })}
        </p>
      ) : null}
      {hasPassword ? (
        <div className="rounded-xl border border-line bg-surface p-4">
          <ByPassword isFirst={!hasPasskey} onPassword={(password) => onProve(async () => ({ password }))} />
        </div>
      ) : null}
      {hasPasskey || hasPassword ? (
        <details className="rounded-xl border border-line bg-surface">
          <summary className="px-4 py-3 font-medium">{t('Sign in with a link')}</summary>
          <div className="px-4 pb-4">{byLink}</div>
        </details>
      ) : (
        <div className="rounded-xl border border-line bg-surface p-4">{byLink}</div>
      )}
    </div>
  );
}

function ByPassword({ isFirst, onPassword }: { isFirst: boolean; onPassword(password: string): void }) {
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onPassword(text);
  };
  return (
    <form onSubmit={submit} className="flex items-end gap-2">
      <OwnerName />
      <div className="min-w-0 flex-1">
        <Field label={t('Password')}>
          {(props) => (
            <Input
              {...props}
              type="password"
              autoComplete="current-password"
              required
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
          )}
        </Field>
      </div>
      <Button type="submit" look={isFirst ? 'primary' : 'plain'}>
        {t('Sign in')}
      </Button>
    </form>
  );
}

/** Nobody is asked for a name; programs that keep passwords want one to keep it under. */
export const OwnerName = () => (
  <input type="text" name="username" autoComplete="username" value="owner" readOnly hidden />
);

function ByLink({ onCode }: { onCode(code: string): void }) {
  const [text, setText] = useState('');
  const code = codeIn(text.trim().split('#')[1] ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code !== undefined) onCode(code);
  };
  return (
    <div className="space-y-4">
      <div className="space-y-2">
        <p>{t('On the machine where Alfred runs, in its folder, type:')}</p>
        <pre className="overflow-x-auto rounded-lg bg-sunken px-3 py-2 font-mono text-[13px]">
          npx alfred status --link
        </pre>
        <p className="text-[13px] text-ink-2">
          {t('It prints a link that works for 15 minutes. Open it in this browser, or paste it here.')}
        </p>
      </div>
      <form onSubmit={submit} className="flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <Field label={t('Sign-in link')}>
            {(props) => (
              <Input
                {...props}
                type="password"
                autoComplete="off"
                value={text}
                onChange={({ target }) => setText(target.value)}
              />
            )}
          </Field>
        </div>
        <Button type="submit" look="primary" disabled={code === undefined}>
          {t('Sign in')}
        </Button>
      </form>
    </div>
  );
}
