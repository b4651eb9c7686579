/** What a signature is over, and what signs it. */
import { createHmac, createSecretKey } from 'node:crypto';
import { isRecord } from '../../contract/is-record.ts';
import type { WebhookScheme } from '../../contract/webhook-scheme.ts';
import { keyBytes } from '../../skills/webhook-key.ts';
import type { Delivery } from './delivery.ts';
import { type Parts, placesIn, textAt } from './places.ts';

export type Signing = { delivery: Delivery; timestamp: string; parts?: Parts | undefined };

/**
 * The bytes that a scheme signs; the place of the first part that is missing instead, when one is.
 *
 * @param body as it came, or as it was before the sender compressed it
 */
export function signedBytes(
  { signed, bodyHash }: WebhookScheme,
  { delivery, timestamp, parts }: Signing,
  body: Buffer,
): Buffer | { missing: string } {
  const pieces: Buffer[] = [];
  for (const part of signed) {
    const places = placesIn(part);
    if (places.length > 0) {
      const text = textAt(places, delivery, parts);
      if (text === undefined) return { missing: places[0] ?? part };
      pieces.push(Buffer.from(text));
    } else if (part === '{body}') {
      pieces.push(body);
    } else if (part === '{sortedForm}') {
      const isHashed = bodyHash !== undefined && textAt(bodyHash, delivery) !== undefined;
      pieces.push(Buffer.from(isHashed ? '' : sortedForm(delivery)));
    } else pieces.push(Buffer.from(wordOf(part, { delivery, timestamp })));
  }
  return Buffer.concat(pieces);
}

function wordOf(part: string, { delivery, timestamp }: Signing): string {
  switch (part) {
    case '{timestamp}':
      return timestamp;
    case '{url}':
      return delivery.url;
    case '{method}':
      return delivery.method;
    default:
      return part;
  }
}

/** Twilio's form: names in order, each with its values behind it, and each value once. */
function sortedForm({ content }: Delivery): string {
  if (!isRecord(content)) return '';
  return Object.keys(content)
    .sort()
    .map((name) => {
      const value = content[name];
      const values = Array.isArray(value) ? [...new Set(value.map(String))].sort() : [String(value)];
      return values.map((one) => name + one).join('');
    })
    .join('');
}

const hashes = { 'hmac-sha256': 'sha256', 'hmac-sha1': 'sha1', 'hmac-sha512': 'sha512' } as const;

/** The HMAC of a scheme, as its sender writes it; the same for the token that an address is tried with. */
export const hmac = (scheme: WebhookScheme, secret: string, bytes: Buffer | string): string => {
  const { algorithm, signature } = scheme;
  const hash = algorithm in hashes ? hashes[algorithm as keyof typeof hashes] : 'sha256';
  const made = createHmac(hash, createSecretKey(keyBytes(scheme, secret))).update(bytes);
  return made.digest(signature.encoding === 'text' ? 'hex' : signature.encoding);
};
