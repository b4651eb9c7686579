/** What a sender is answered that tries an address before it delivers there. Nothing is started, and nothing written. */
import { timingSafeEqual } from 'node:crypto';
import { listOf } from '../../contract/delivery-place.ts';
import type { Challenge, WebhookScheme } from '../../contract/webhook-scheme.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { sha256 } from '../../kernel/hash.ts';
import { hashedToken } from '../../skills/webhook-key.ts';
import type { Delivery } from './delivery.ts';
import { textAt, textsAt } from './places.ts';
import { refusal } from './refusals.ts';
import { hmac } from './signed-bytes.ts';
import { challengeToken } from './verify-delivery.ts';

export type ChallengeAnswer = { body: string; contentType: 'application/json' | 'text/plain' };

/** Of a text that is sent back, in characters. */
const longestEcho = 2000;

/** The challenge of a scheme that a request is; undefined for a delivery. */
export function challengeIn(scheme: WebhookScheme | undefined, delivery: Delivery): Challenge | undefined {
  return listOf(scheme?.challenge).find(
    (challenge) => challenge.method === delivery.method && isMeant(challenge, delivery),
  );
}

function isMeant({ when }: Challenge, delivery: Delivery): boolean {
  if (when === undefined) return true;
  const [place = '', ...rest] = when.split(' = ');
  const texts = textsAt(place, delivery);
  return rest.length === 0 ? texts.length > 0 : texts.includes(rest.join(' = '));
}

/**
 * @param secret of the hook; undefined when it has none yet
 * @param verifyToken the hash of the word that the owner typed at both sides
 * @throws AlfredError E_UNAUTHENTICATED for another word, or without the secret that the answer needs
 */
export function answerChallenge(
  {
    scheme,
    secret,
    verifyToken,
  }: { scheme: WebhookScheme; secret: string | undefined; verifyToken?: string | undefined },
  challenge: Challenge,
  delivery: Delivery,
): ChallengeAnswer {
  if (challenge.proof === 'token') checkToken(challenge, verifyToken, delivery);
  const fill = (text: string): string =>
    text.replaceAll(/\{((?:hmac:)?(?:json|query|header|form):[^{}]+)\}/g, (_whole, place: string) => {
      const isSigned = place.startsWith('hmac:');
      const found = textAt(isSigned ? place.slice('hmac:'.length) : place, delivery) ?? '';
      if (found.length > longestEcho) throw new AlfredError('E_MALFORMED', 'The challenge is too long');
      return isSigned ? sign(scheme, secret, found, challenge) : found;
    });
  const { answer } = challenge;
  return typeof answer === 'string'
    ? { body: fill(answer), contentType: 'text/plain' }
    : { body: JSON.stringify(filled(answer, fill)), contentType: 'application/json' };
}

const filled = (answer: Record<string, unknown>, fill: (text: string) => string): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(answer).map(([name, value]) => [name, typeof value === 'string' ? fill(value) : value]),
  );

function sign(scheme: WebhookScheme, secret: string | undefined, text: string, { proof }: Challenge): string {
  if (secret === undefined) throw refusal('This webhook has no secret, so nothing can be answered with it');
  // Whoever asks chooses the text: one that could be a delivery is not signed.
  if (proof === 'none' && !challengeToken.test(text)) throw refusal('The challenge is no token');
  return hmac(scheme, secret, text);
}

function checkToken({ token }: Challenge, verifyToken: string | undefined, delivery: Delivery): void {
  const given = token === undefined ? undefined : textAt(token, delivery);
  if (verifyToken === undefined) {
    throw refusal('This webhook has no verify token', {
      remedy: 'Make one up, and type it in the trigger of the skill and at the sender.',
    });
  }
  const isRight = given !== undefined && timingSafeEqual(sha256(hashedToken(given)), sha256(verifyToken));
  if (!isRight) throw refusal('The verify token is not the one of this webhook');
}
