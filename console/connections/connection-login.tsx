/** Who is signed in to a connection's server: since when, until when, and for what. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { connectionTypes } from '../../src/contract/connection-types.ts';
import type { Connection } from '../../src/contract/connections.ts';
import { isRecord } from '../../src/contract/is-record.ts';
import type { Login } from '../../src/contract/logins.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { api } from '../api/api.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { KeyRound, LogOut } from '../ui/icons.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import { Panel } from '../ui/panel.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { rich, t } from '../words/t.ts';
import { DeviceLoginPart } from './device-login.tsx';
import { Scopes } from './scopes.tsx';

const ApiLoginDialog = onDemand(async () => (await import('./api-login-dialog.tsx')).ApiLoginDialog);
const LoginDialog = onDemand(async () => (await import('./login-dialog.tsx')).LoginDialog);

export function ConnectionLogin({ connection }: { connection: Connection }) {
  const { type, approved, isActive, login, deviceLogin } = connection;
  const [isOpen, setOpen] = useState(false);
  if (!connectionTypes[type].signsIn || !approved || !isActive) return null;
  const isSignedIn = login?.state === 'signed_in';
  const wanted = wantsLogin(connection);
  if (!isSignedIn && !wanted && deviceLogin === undefined) return null;
  const Chosen = type === 'http_api' ? ApiLoginDialog : LoginDialog;
  const begin = (
    <Button look="primary" icon={<KeyRound className="size-4" />} onClick={() => setOpen(true)}>
      {isSignedIn || login ? t('Sign in again') : t('Sign in')}
    </Button>
  );
  const wantsMore = login?.missing != null;
  return (
    <>
      <DeviceLoginPart connection={connection} />
      {deviceLogin?.state !== 'waiting' && (wanted || wantsMore) ? (
        <Wanted login={login}>{begin}</Wanted>
      ) : null}
      {login && isSignedIn ? (
        <SignedIn name={connection.name} login={login} again={() => setOpen(true)} />
      ) : null}
      {isOpen ? <Chosen connection={connection} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

/** One that was refused for want of a sign-in; and an API whose document says that its tools want one, before the first call. */
function wantsLogin({ type, config, status, login, toolCatalog }: Connection): boolean {
  const kind = isRecord(config.auth) ? config.auth.type : 'none';
  if (type === 'http_api' && kind !== 'none' && kind !== 'oauth2') return false;
  if (status === 'needs_login') return true;
  const hasHeader = isRecord(config.headers) && Object.keys(config.headers).length > 0;
  const isOffered =
    type === 'http_api' && !hasHeader && toolCatalog.some(({ scopes }) => scopes !== undefined);
  return isOffered && login?.state !== 'signed_in';
}

function Wanted({ login, children }: { login: Login | undefined; children: ReactNode }) {
  const [title, words] = wantedWords(login);
  return (
    <section className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 rounded-xl border border-wait/40 bg-wait-soft p-4">
      <div className="min-w-0 max-w-2xl space-y-1">
        <h2 className="font-semibold">{title}</h2>
        <p className="break-words text-ink-2">{words}</p>
      </div>
      {children}
    </section>
  );
}

function wantedWords(login: Login | undefined): [title: string, words: string] {
  if (login?.state === 'signed_in' && login.missing !== null) {
    return [
      t('It wants to be allowed more'),
      t(
        'A call was refused for want of: {missing}. If Alfred should be able to do that, sign in again and allow it.',
        { missing: visibleText(login.missing) },
      ),
    ];
  }
  if (login?.ended) return [t('The sign-in has ended'), login.ended.why];
  return [
    t('It wants to know who you are'),
    t(
      'Sign in with your browser at the server that it trusts. Alfred is given a token for it, which is sealed like every secret and never seen by the agent.',
    ),
  ];
}

function SignedIn({ name, login, again }: { name: string; login: Login; again(): void }) {
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const out = useMutation({
    mutationFn: () => api.logOut({ params: { name } }),
    onSuccess: ({ warnings = [] }) => say(warnings[0] ?? t('Signed out of {name}', { name })),
    onSettled: () => {
      setAsking(false);
      void queries.invalidateQueries({ queryKey: ['connections'] });
    },
    onError: sayProblem,
  });
  return (
    <Panel
      title={t('Signed in')}
      aside={
        <span className="flex flex-wrap gap-2">
          <Button size="sm" onClick={again}>
            {t('Sign in again')}
          </Button>
          <Button size="sm" icon={<LogOut className="size-4" />} onClick={() => setAsking(true)}>
            {t('Sign out')}
          </Button>
        </span>
      }
    >
      <dl className="grid gap-x-6 gap-y-0.5 sm:grid-cols-[8rem_minmax(0,1fr)] sm:gap-y-2">
        <Fact name={t('With')}>
          {login.issuer === null ? t('a token that was given by hand') : visibleText(login.issuer)}
        </Fact>
        {login.grantedAt === null ? null : (
          <Fact name={t('By')}>
            {login.grantedBy}, <Ago at={login.grantedAt} />
          </Fact>
        )}
        <Fact name={t('May')}>
          {login.scope === null ? t('whatever that server gives by itself') : <Scopes text={login.scope} />}
        </Fact>
        <Fact name={t('Until')}>
          <Until login={login} />
        </Fact>
      </dl>
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => out.mutate()}
        busy={out.isPending}
        title={t('Sign out of {name}?', { name })}
        verb={t('Sign out')}
        keep={t('Stay signed in')}
      >
        {t(
          'Its server is told to take the tokens back, and Alfred forgets them. Skills that use this connection fail until somebody signs in again.',
        )}
      </Confirm>
    </Panel>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt className="text-ink-2">{name}</dt>
    <dd className="mb-1.5 min-w-0 break-words sm:mb-0">{children}</dd>
  </>
);

function Until({ login: { renews, expiresAt } }: { login: Login }) {
  if (renews) return <>{t('it is taken back: renewed by itself before it ends')}</>;
  if (expiresAt === null) return <>{t('its server says so: it cannot be renewed')}</>;
  return <>{rich('{ago}: it cannot be renewed, sign in again then', { ago: <Ago at={expiresAt} /> })}</>;
}
