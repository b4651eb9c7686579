/** The ways by which alerts reach the provider. */
import { millisNow } from '../../src/kernel/clock.ts';
import { messageOf } from '../../src/kernel/errors.ts';
import { signStandard } from '../../src/kernel/sign-standard.ts';
import type { Mailer } from '../mail/mailer.ts';
import { type AlertsTold, mailOf } from './alert-words.ts';

export type ChannelName = 'webhook' | 'mail';

export type Channel = {
  name: ChannelName;
  /** Where it leads, for people: an origin, or mail addresses. Never a path, which may hold a secret. */
  to: string;
  /** @param id the same for every attempt at one message. @throws Error that says why it was not taken */
  send(id: string, told: AlertsTold): Promise<void>;
};

const patienceMs = 15_000;

/** Signed as the Standard Webhooks specification says. @param secret `whsec_…` */
export function webhookChannel({ url, secret }: { url: string; secret: string }): Channel {
  const { origin } = new URL(url);
  return {
    name: 'webhook',
    to: origin,
    async send(id, told) {
      const body = JSON.stringify(told);
      const timestamp = String(Math.floor(millisNow() / 1000));
      const response = await fetch(url, {
        method: 'POST',
        // The request is signed for this address: no redirect is followed.
        redirect: 'manual',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'alfred-core',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': signStandard(secret, id, timestamp, Buffer.from(body)),
        },
        body,
        signal: AbortSignal.timeout(patienceMs),
      }).catch((cause: unknown) => {
        throw new Error(`${origin} does not answer: ${messageOf(cause)}`, { cause });
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`${origin} answers ${response.status}`);
    },
  };
}

export const mailChannel = ({ mailer, to }: { mailer: Mailer; to: readonly string[] }): Channel => ({
  name: 'mail',
  to: to.join(', '),
  send: (id, told) => mailer.send({ to, id, ...mailOf(told) }),
});
