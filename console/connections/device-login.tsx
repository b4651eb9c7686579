/** A code that waits to be entered on another device: what it is, where, and what came of it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Connection } from '../../src/contract/connections.ts';
import type { DeviceLogin } from '../../src/contract/logins.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { api } from '../api/api.ts';
import { connectionQuery } from '../api/queries.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { clock } from '../ui/format.ts';
import { sayProblem } from '../ui/toast.ts';
import { rich, t } from '../words/t.ts';
import { Scopes } from './scopes.tsx';

/** Alfred asks the server by itself; this looks at what it has heard, in milliseconds. */
const lookEveryMs = 1_500;

export function DeviceLoginPart({ connection }: { connection: Connection }) {
  const { name, deviceLogin } = connection;
  const state = deviceLogin?.state;
  const queries = useQueryClient();
  const waits = state === 'waiting';
  // Until it was entered, or came to nothing.
  useQuery({ ...connectionQuery(name), refetchInterval: waits ? lookEveryMs : false });
  const device = useQuery({
    queryKey: ['device-login', name],
    queryFn: ({ signal }) => api.getDeviceLogin({ params: { name } }, { signal }),
    enabled: waits,
  });
  const forget = useMutation({
    mutationFn: () => api.cancelDeviceLogin({ params: { name } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['connections'] }),
    onError: sayProblem,
  });
  useEffect(() => {
    if (!waits) queries.removeQueries({ queryKey: ['device-login', name] });
  }, [waits, queries, name]);
  if (deviceLogin === undefined) return null;
  if (!waits)
    return (
      <section
        role="status"
        className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 rounded-xl border border-bad/30 bg-bad-soft p-4"
      >
        <div className="min-w-0 max-w-2xl">
          <h2 className="font-semibold">{titles[deviceLogin.state]}</h2>
          <p className="break-words text-ink-2">{visibleText(deviceLogin.why ?? '')}</p>
        </div>
        <Button busy={forget.isPending} onClick={() => forget.mutate()}>
          {t('Put this away')}
        </Button>
      </section>
    );
  return device.data ? (
    <Code device={device.data} busy={forget.isPending} onForget={() => forget.mutate()} />
  ) : null;
}

const titles: Record<DeviceLogin['state'], string> = {
  waiting: t('It waits'),
  denied: t('The sign-in was refused there'),
  expired: t('The code was not entered in time'),
  failed: t('The sign-in came to nothing'),
};

function Code({ device, busy, onForget }: { device: DeviceLogin; busy: boolean; onForget(): void }) {
  const { userCode, verificationUri, verificationUriComplete, issuer, scope, expiresAt } = device;
  const page = verificationUriComplete ?? verificationUri;
  // The VM checks it as well: whatever it is, a page never opens anything but a page.
  const isPage = /^https?:\/\//i.test(page);
  return (
    <section
      aria-label={t('A code to enter')}
      className="space-y-4 rounded-xl border border-wait/40 bg-wait-soft p-4"
    >
      <div className="space-y-1">
        <h2 className="font-semibold">{t('Enter this code on any device')}</h2>
        <p className="text-ink-2">
          {rich('At {verificationUri}, signed in as yourself with {issuer}, until {expiresAt}.', {
            verificationUri: (
              <span className="font-medium break-all text-ink">{visibleText(verificationUri)}</span>
            ),
            issuer: visibleText(issuer),
            expiresAt: clock(expiresAt),
          })}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <output className="rounded-lg bg-surface px-4 py-2 font-mono text-2xl font-semibold tracking-widest break-all select-all">
          {visibleText(userCode)}
        </output>
        <CopyButton text={userCode} />
        {isPage ? (
          <a className={buttonClass('primary')} href={page} target="_blank" rel="noreferrer">
            {t('Open the page')}
          </a>
        ) : null}
      </div>
      {scope === null ? null : (
        <div className="space-y-1.5">
          <p className="text-ink-2">{t('It is asked to let Alfred:')}</p>
          <Scopes text={scope} />
        </div>
      )}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p role="status" className="text-[13px] text-ink-2">
          {t('Waiting. This page may be closed: Alfred goes on asking.')}
        </p>
        <Button look="quiet" busy={busy} onClick={onForget}>
          {t('Cancel')}
        </Button>
      </div>
    </section>
  );
}
