/**
 * Who sent a delivery: the signature schemes of webhooks, by their senders' specifications. Signatures are over the body as
 * it came, byte for byte, and are compared in constant time.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { WebhookAuth } from '../contract/triggers.ts';
import { AlfredError } from '../kernel/errors.ts';
import { sha256 } from '../kernel/hash.ts';

/** A delivery as it came. */
export type Delivery = { headers: IncomingHttpHeaders; body: Buffer };

/** Of these a stranger who saw a delivery cannot send another body, but can send the same to another query: that is not signed. */
export const signsBodyAlone = (auth: WebhookAuth): boolean =>
  auth === 'standard' || auth === 'github' || auth === 'stripe';

/** How far a signed time may be from ours, in seconds: that of Standard Webhooks, and of Stripe's libraries. */
export const toleranceSeconds = 300;

/**
 * Sees that a delivery comes from somebody who knows the secret, and now.
 *
 * @param secret undefined for `none` alone
 * @throws AlfredError E_UNAUTHENTICATED, with a sentence that says what to look at; never what the signature should be
 */
export function verifyDelivery(
  auth: WebhookAuth,
  secret: string | undefined,
  delivery: Delivery,
  now: Date,
): void {
  if (auth === 'none') return;
  if (secret === undefined) {
    throw refusal('This webhook has no secret, so nothing can be signed with it', {
      remedy: 'Give it one: npx alfred skill hook <slug> --new-secret',
    });
  }
  verifiers[auth](secret, delivery, now);
}

type Verify = (secret: string, delivery: Delivery, now: Date) => void;

const verifiers: Record<Exclude<WebhookAuth, 'none'>, Verify> = {
  /** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
  standard(secret, { headers, body }, now) {
    const id = required(headers, 'webhook-id');
    const timestamp = required(headers, 'webhook-timestamp');
    const signatures = required(headers, 'webhook-signature').split(' ');
    checkTime(timestamp, now);
    const expected = signStandard(secret, id, timestamp, body);
    // A sender that changes its secret signs with both.
    if (!signatures.some((signature) => isEqual(signature, expected))) throw wrongSignature();
  },

  /** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries */
  github(secret, { headers, body }) {
    const signature = required(headers, 'x-hub-signature-256');
    if (!isEqual(signature, signGithub(secret, body))) throw wrongSignature();
  },

  /** https://docs.stripe.com/webhooks#verify-manually */
  stripe(secret, { headers, body }, now) {
    const pairs = required(headers, 'stripe-signature')
      .split(',')
      .map((pair) => pair.trim().split('='));
    const timestamp = pairs.find(([key]) => key === 't')?.[1] ?? '';
    checkTime(timestamp, now);
    const expected = signStripe(secret, timestamp, body);
    const isSigned = pairs.some(([key, value = '']) => key === 'v1' && isEqual(value, expected));
    if (!isSigned) throw wrongSignature();
  },

  /** RFC 6750, section 2.1. */
  bearer(secret, { headers }) {
    const [, token] = /^bearer +(\S+)$/i.exec(required(headers, 'authorization')) ?? [];
    if (token === undefined || !isEqual(token, secret)) {
      throw refusal('The bearer token is not the one of this webhook', {
        remedy: "Send Authorization: Bearer <the webhook's secret>.",
      });
    }
  },
};

/** The `v1` signature of Standard Webhooks: over `id.timestamp.body`, with the bytes behind `whsec_` for a key. */
export const signStandard = (secret: string, id: string, timestamp: string, body: Buffer): string =>
  `v1,${createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(`${id}.${timestamp}.`)
    .update(body)
    .digest('base64')}`;

/** The value of `X-Hub-Signature-256`. */
export const signGithub = (secret: string, body: Buffer): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

/** The `v1` part of `Stripe-Signature`: over `timestamp.body`. */
export const signStripe = (secret: string, timestamp: string, body: Buffer): string =>
  createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');

/** Of hashes, so that neither the place of the first difference nor the length shows in the time taken. */
const isEqual = (given: string, expected: string): boolean =>
  timingSafeEqual(sha256(given), sha256(expected));

function required(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  if (typeof value === 'string' && value !== '') return value;
  throw refusal(`The header ${name} is missing`, {
    remedy: "Have the sender sign with this webhook's scheme; npx alfred skill curl <slug> shows how.",
  });
}

function checkTime(timestamp: string, now: Date): void {
  if (!/^\d{1,12}$/.test(timestamp)) throw refusal('The signed time is no time in seconds');
  const ahead = Number(timestamp) - Math.floor(now.getTime() / 1000);
  if (Math.abs(ahead) <= toleranceSeconds) return;
  throw refusal(
    `The delivery was signed ${Math.abs(ahead)} seconds ${ahead < 0 ? 'ago' : 'ahead of now'}; ${toleranceSeconds} are allowed`,
    { remedy: 'Send it anew with the present time, and see that both clocks are right.' },
  );
}

const wrongSignature = (): AlfredError =>
  refusal('The signature does not fit the body and the secret', {
    remedy: 'See that the sender has the present secret, and that nothing on the way changes the body.',
  });

const refusal = (message: string, options: { remedy?: string } = {}): AlfredError =>
  new AlfredError('E_UNAUTHENTICATED', message, options);
