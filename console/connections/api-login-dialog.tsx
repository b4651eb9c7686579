/**
 * Signs in to an HTTP API: whom it is with, where the token goes, what Alfred asks to be allowed, and as whom it comes. Then by a page
 * that sends the browser back, or by a code on another device.
 */
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Connection } from '../../src/contract/connections.ts';
import type { LoginOffer } from '../../src/contract/logins.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { api } from '../api/api.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TriangleAlert } from '../ui/icons.tsx';
import { SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { rich, t } from '../words/t.ts';
import { type Client, HandMadeClient, noClient } from './hand-made-client.tsx';
import { Begun, comesBack } from './login-begun.tsx';
import { ScopeChoice } from './scope-choice.tsx';
import { useBeginDevice } from './use-begin-device.ts';

export function ApiLoginDialog({ connection, onClose }: { connection: Connection; onClose(): void }) {
  const { name } = connection;
  const offer = useQuery({
    queryKey: ['login-offer', name],
    queryFn: ({ signal }) => api.offerLogin({ params: { name } }, { signal }),
    retry: false,
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <Dialog open onClose={onClose} title={t('Sign in to {name}', { name })} width="lg">
      {offer.isPending ? <SkeletonRows rows={4} /> : null}
      {offer.error ? <ProblemNote error={offer.error} /> : null}
      {offer.data ? <Offered name={name} offer={offer.data} onClose={onClose} /> : null}
    </Dialog>
  );
}

type Wish = Client & { scope: string };

function Offered({ name, offer, onClose }: { name: string; offer: LoginOffer; onClose(): void }) {
  const [client, setClient] = useState(noClient);
  const [scope, setScope] = useState(offer.asks ?? '');
  const browser = useMutation({
    mutationFn: (wish: Wish) =>
      api.beginLogin({
        params: { name },
        body: {
          way: comesBack ? 'console' : 'paste',
          ...bodyOf(wish),
          guessEndpoints: false,
          omitResource: false,
        },
      }),
  });
  const device = useBeginDevice(name, onClose);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { submitter } = event.nativeEvent as SubmitEvent;
    const way = submitter instanceof HTMLButtonElement ? submitter.value : '';
    if (way === 'device') device.mutate({ ...bodyOf({ ...client, scope }), omitResource: false });
    else browser.mutate({ ...client, scope });
  };
  if (browser.data) return <Begun name={name} begun={browser.data} onDone={onClose} />;
  const wantsClient = offer.client.kept === null && !offer.client.registers;
  const isReady = !wantsClient || client.clientId.trim() !== '';
  return (
    <form onSubmit={submit} className="space-y-5">
      <Facts offer={offer} />
      <HandMadeClient offer={offer} client={client} onClient={setClient} />
      <ScopeChoice offer={offer} scope={scope} onScope={setScope} />
      {browser.error ? <ProblemNote error={browser.error} /> : null}
      {device.error ? <ProblemNote error={device.error} /> : null}
      <div className="flex flex-wrap gap-2">
        {offer.ways.includes('browser') ? (
          <Button type="submit" value="browser" look="primary" busy={browser.isPending} disabled={!isReady}>
            {t('Sign in with this browser')}
          </Button>
        ) : null}
        {offer.ways.includes('device') ? (
          <Button
            type="submit"
            value="device"
            look={offer.ways.includes('browser') ? 'plain' : 'primary'}
            busy={device.isPending}
            disabled={!isReady}
          >
            {t('Enter a code on another device')}
          </Button>
        ) : null}
      </div>
    </form>
  );
}

/** Without what was left empty. */
const bodyOf = ({ clientId, clientSecret, scope }: Wish) => ({
  ...(clientId.trim() === '' ? {} : { clientId: clientId.trim() }),
  ...(clientSecret === '' ? {} : { clientSecret }),
  ...(scope.trim() === '' ? {} : { scope: scope.trim() }),
});

function Facts({ offer: { issuer, provider, sentTo, warnings } }: { offer: LoginOffer }) {
  return (
    <div className="space-y-2">
      <p>
        {rich('You sign in with {issuer}. Go on only if you know it.', {
          issuer: (
            <strong className="break-all">
              {provider === null ? visibleText(issuer) : `${provider.title} (${visibleText(issuer)})`}
            </strong>
          ),
        })}
      </p>
      <p className="text-ink-2">
        {rich('Its token is sealed, never seen by the agent, and sent to {visibleText} alone.{value}', {
          visibleText: <span className="break-all">{sentTo.map(visibleText).join(', ')}</span>,
          value: provider === null ? '' : ` ${provider.renews}`,
        })}
      </p>
      {warnings.map((warning) => (
        <p
          key={warning}
          role="alert"
          className="flex gap-2 rounded-lg border border-wait/40 bg-wait-soft px-3 py-2 text-wait"
        >
          <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" /> {visibleText(warning)}
        </p>
      ))}
    </div>
  );
}
