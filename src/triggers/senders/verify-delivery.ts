/**
 * Who sent a delivery, by the scheme of its sender. Signatures are over the body as it came, byte for byte, and are compared
 * in constant time.
 */
import { createHmac, timingSafeEqual, verify } from 'node:crypto';
import { listOf, splitPlace } from '../../contract/delivery-place.ts';
import { isAsymmetric, type Proof, schemeOf } from '../../contract/senders/scheme-of.ts';
import type { WebhookScheme } from '../../contract/webhook-scheme.ts';
import { sha256 } from '../../kernel/hash.ts';
import { parseJson } from '../../kernel/parse-json.ts';
import { keyBytes, publicKey } from '../../skills/webhook-key.ts';
import type { Delivery } from './delivery.ts';
import { type Parts, textAt, textsAt } from './places.ts';
import { missing, refusal, wrongSecret, wrongSignature, wrongTime } from './refusals.ts';
import { hmac, signedBytes } from './signed-bytes.ts';

/**
 * Sees that a delivery comes from somebody who knows the secret, and now.
 *
 * @param secret undefined for `none` alone
 * @throws AlfredError E_UNAUTHENTICATED, with a sentence that says what to look at
 */
export function verifyDelivery(
  proof: Proof,
  secret: string | undefined,
  delivery: Delivery,
  now: Date,
): void {
  const scheme = schemeOf(proof);
  if (scheme === undefined) return;
  if (secret === undefined) {
    throw refusal('This webhook has no secret, so nothing can be signed with it', {
      remedy:
        'Give it one: npx alfred skill hook <slug> --new-secret, or --secret-stdin for the sender’s own',
    });
  }
  const values = givenSignatures(scheme, delivery);
  if (scheme.algorithm === 'plain') checkPlain(scheme, secret, values);
  else if (scheme.algorithm === 'jwt-hs256') checkToken(scheme, secret, values, delivery, now);
  else checkSignature(scheme, secret, values, delivery, now);
}

function checkSignature(
  scheme: WebhookScheme,
  secret: string,
  values: readonly string[],
  delivery: Delivery,
  now: Date,
): void {
  const parts = partsOf(scheme, values[0] ?? '');
  const timestamp = checkTime(scheme, delivery, parts, now);
  checkBodyHash(scheme, delivery, parts);
  const bodies = delivery.inflated === undefined ? [delivery.body] : [delivery.body, delivery.inflated];
  const candidates = values.flatMap((value) => candidatesIn(scheme, value));
  const isSigned = bodies.some((body) => {
    const bytes = signedBytes(scheme, { delivery, timestamp, parts }, body);
    if (!Buffer.isBuffer(bytes)) throw missing(bytes.missing);
    return isSignedBy(scheme, secret, bytes, candidates);
  });
  if (!isSigned) throw wrongSignature();
  refuseAnswerAsBody(scheme, bodies);
}

function givenSignatures(scheme: WebhookScheme, delivery: Delivery): string[] {
  const places = listOf(scheme.signature.from);
  const values = places.flatMap((place) => textsAt(place, delivery));
  if (values.length === 0) throw missing(places[0] ?? '');
  return values;
}

/** Hashes are compared, so that neither the place of the first difference nor the length shows in the time taken. */
const isEqual = (given: string | Buffer, expected: string | Buffer): boolean =>
  timingSafeEqual(sha256(given), sha256(expected));

function isSignedBy(
  scheme: WebhookScheme,
  secret: string,
  bytes: Buffer,
  candidates: readonly string[],
): boolean {
  const { algorithm, signature } = scheme;
  if (isAsymmetric(scheme)) {
    const key = publicKey(scheme, secret);
    const encoding = signature.encoding === 'hex' ? 'hex' : 'base64';
    const hash = algorithm === 'ed25519' ? null : 'sha256';
    return candidates.some((one) => verify(hash, bytes, key, Buffer.from(one, encoding)));
  }
  const expected = hmac(scheme, secret, bytes);
  // A sender that changes its secret signs with both.
  return candidates.some((one) => isEqual(signature.encoding === 'hex' ? one.toLowerCase() : one, expected));
}

/** The signatures that one value holds, without what stands before them. */
function candidatesIn(
  { signature: { pairs, part, list, prefix = '' } }: WebhookScheme,
  value: string,
): string[] {
  const found =
    pairs === undefined
      ? value.split(list ?? '\n')
      : pairsIn(value, pairs).flatMap(([name, text]) => (name === part ? [text] : []));
  return found
    .map((one) => (list === ',' ? one.trim() : one))
    .flatMap((one) => (one.startsWith(prefix) ? [one.slice(prefix.length)] : []));
}

const pairsIn = (value: string, by: string): [name: string, text: string][] =>
  value.split(by).map((pair) => {
    const [name = '', ...rest] = pair.trim().split('=');
    return [name, rest.join('=')];
  });

const partsOf = ({ signature: { pairs } }: WebhookScheme, value: string): Parts =>
  new Map(pairs === undefined ? [] : pairsIn(value, pairs));

/** The secret itself, in every place that holds one. */
function checkPlain(
  { signature, ...scheme }: WebhookScheme,
  secret: string,
  values: readonly string[],
): void {
  const key = keyBytes({ signature, ...scheme }, secret);
  const { prefix = '', encoding } = signature;
  const isRight = values.every((value) => {
    const isPrefixed = value.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase();
    const text = value.slice(prefix.length).trimStart();
    return isPrefixed && isEqual(encoding === 'text' ? text : Buffer.from(text, encoding), key);
  });
  if (!isRight) throw wrongSecret(listOf(signature.from)[0] ?? '');
}

/** A token (RFC 7515, HS256) that holds the hash of the body. */
function checkToken(
  scheme: WebhookScheme,
  secret: string,
  [token = '']: readonly string[],
  delivery: Delivery,
  now: Date,
): void {
  const [head = '', claims = '', signature = ''] = token.split('.');
  const expected = createHmac('sha256', keyBytes(scheme, secret))
    .update(`${head}.${claims}`)
    .digest('base64url');
  if (!isEqual(signature, expected) || readPart(head).get('alg') !== 'HS256') throw wrongSignature();
  const parts = readPart(claims);
  checkTime(scheme, delivery, parts, now);
  checkBodyHash(scheme, delivery, parts, { mustBeThere: true });
}

function readPart(text: string): Map<string, string> {
  const read = parseJson(Buffer.from(text, 'base64url'));
  return new Map(Object.entries(Object(read)).map(([name, value]) => [name, String(value)]));
}

/** The signed time as it was written; empty for a scheme that signs none. */
function checkTime(scheme: WebhookScheme, delivery: Delivery, parts: Parts, now: Date): string {
  if (scheme.timestamp === undefined) return '';
  const { from, unit, tolerance } = scheme.timestamp;
  const [place = ''] = listOf(from);
  const text = textAt(from, delivery, parts);
  if (text === undefined && splitPlace(place)[0] !== 'part') throw missing(place);
  const seconds = secondsOf(text ?? '', unit);
  if (seconds === undefined) throw refusal(`The signed time is no time in ${unitWords[unit]}`);
  const ahead = seconds - Math.floor(now.getTime() / 1000);
  if (Math.abs(ahead) > tolerance) throw wrongTime(ahead, tolerance);
  return text ?? '';
}

const unitWords = { s: 'seconds', ms: 'milliseconds', iso: 'ISO 8601' } as const;

function secondsOf(text: string, unit: 's' | 'ms' | 'iso'): number | undefined {
  if (unit === 'iso') {
    const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
  }
  if (!/^\d{1,15}$/.test(text) || (unit === 's' && text.length > 12)) return undefined;
  return unit === 's' ? Number(text) : Math.floor(Number(text) / 1000);
}

function checkBodyHash(
  { bodyHash, signed }: WebhookScheme,
  delivery: Delivery,
  parts: Parts,
  { mustBeThere = false } = {},
): void {
  if (bodyHash === undefined) return;
  const given = textAt(bodyHash, delivery, parts);
  if (given === undefined) {
    if (mustBeThere) throw missing(bodyHash);
    // Without it a body that is no form would be signed by nothing.
    const isForm = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(
      delivery.headers['content-type'] ?? '',
    );
    if (signed.includes('{sortedForm}') && delivery.body.length > 0 && !isForm) throw wrongSignature();
    return;
  }
  const bodies = delivery.inflated === undefined ? [delivery.body] : [delivery.body, delivery.inflated];
  const isRight = bodies.some((body) => isEqual(given.toLowerCase(), sha256(body).toString('hex')));
  if (!isRight) throw wrongSignature();
}

/** What a stranger may have signed by trying the address: of no use as a delivery, as none looks like this. */
export const challengeToken = /^[\w+/=-]{1,256}$/;

/** Whoever tries such an address is given a signature of the text they chose: such a text is no delivery. */
function refuseAnswerAsBody({ challenge }: WebhookScheme, bodies: readonly Buffer[]): void {
  const signsForAll = listOf(challenge).some(
    ({ proof, answer }) => proof === 'none' && JSON.stringify(answer).includes('{hmac:'),
  );
  const isToken = (body: Buffer) => body.length <= 256 && challengeToken.test(body.toString('latin1'));
  if (signsForAll && bodies.some(isToken)) throw wrongSignature();
}
