/** A delivery as its sender would make it: the other side of verify-delivery.ts, for samples and tests. */
import { createHmac } from 'node:crypto';
import { listOf, splitPlace } from '../../contract/delivery-place.ts';
import { isRecord } from '../../contract/is-record.ts';
import type { WebhookScheme } from '../../contract/webhook-scheme.ts';
import { sha256 } from '../../kernel/hash.ts';
import { keyBytes } from '../../skills/webhook-key.ts';
import type { Delivery } from './delivery.ts';
import { urlencodedFields } from './form-fields.ts';
import { placesIn } from './places.ts';
import { hmac, signedBytes } from './signed-bytes.ts';

/** What is sent. */
export type Made = { url: string; headers: Record<string, string>; body: string };

export type Unsigned = {
  url: string;
  body: string;
  contentType: string;
  id: string;
  /** Where the id goes; nowhere when undefined. */
  idPlace: string | undefined;
  now: Date;
};

/** @param scheme undefined for a hook that is not signed; none of those that only their sender can sign */
export function signDelivery(scheme: WebhookScheme | undefined, secret: string, given: Unsigned): Made {
  const { id, idPlace, contentType } = given;
  const made: Made = { url: given.url, headers: { 'content-type': contentType }, body: given.body };
  if (idPlace !== undefined) put(made, idPlace, id);
  if (scheme === undefined) return made;
  const timestamp = timeIn(scheme, given.now);
  const place = listOf(scheme.timestamp?.from)[0];
  if (place !== undefined && splitPlace(place)[0] !== 'part') put(made, place, timestamp);
  for (const named of scheme.signed.flatMap((part) => placesIn(part).slice(0, 1))) {
    if (!has(made, named)) put(made, named, id);
  }
  const isForm = contentType === 'application/x-www-form-urlencoded';
  if (scheme.bodyHash?.startsWith('query:') && !isForm) {
    put(made, scheme.bodyHash, sha256(made.body).toString('hex'));
  }
  const [from = ''] = listOf(scheme.signature.from);
  put(made, from, signature(scheme, secret, made, timestamp));
  return made;
}

function timeIn({ timestamp }: WebhookScheme, now: Date): string {
  if (timestamp?.unit === 'iso') return now.toISOString();
  return String(timestamp?.unit === 'ms' ? now.getTime() : Math.floor(now.getTime() / 1000));
}

function signature(scheme: WebhookScheme, secret: string, made: Made, timestamp: string): string {
  const { prefix = '', encoding, pairs, part = '' } = scheme.signature;
  const body = Buffer.from(made.body);
  if (scheme.algorithm === 'plain') {
    const key = keyBytes(scheme, secret);
    return prefix + (encoding === 'text' ? key.toString() : key.toString(encoding));
  }
  if (scheme.algorithm === 'jwt-hs256') return token(scheme, secret, body);
  const bytes = signedBytes(scheme, { delivery: asDelivery(made), timestamp }, body);
  const signed = prefix + hmac(scheme, secret, Buffer.isBuffer(bytes) ? bytes : body);
  if (pairs === undefined) return signed;
  const time = listOf(scheme.timestamp?.from).flatMap((place) => {
    const [kind, name] = splitPlace(place);
    return kind === 'part' ? [`${name}=${timestamp}`] : [];
  });
  return [...time, `${part}=${signed}`].join(pairs);
}

function token(scheme: WebhookScheme, secret: string, body: Buffer): string {
  const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claim = scheme.bodyHash === undefined ? 'sha256' : splitPlace(scheme.bodyHash)[1];
  const text = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ [claim]: sha256(body).toString('hex') })}`;
  return `${text}.${createHmac('sha256', keyBytes(scheme, secret)).update(text).digest('base64url')}`;
}

function asDelivery({ url, headers, body }: Made): Delivery {
  const query = Object.fromEntries(new URL(url).searchParams);
  const isForm = headers['content-type'] === 'application/x-www-form-urlencoded';
  const content = isForm ? urlencodedFields(body) : jsonOf(body);
  return { method: 'POST', url, query, headers, body: Buffer.from(body), content };
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Text: nothing can be put in it.
    return undefined;
  }
}

const has = ({ headers }: Made, place: string): boolean => {
  const [kind, name] = splitPlace(place);
  return kind === 'header' && headers[name.toLowerCase()] !== undefined;
};

/** Writes a text where a scheme wants it; nothing where the body is no JSON that could hold it. */
function put(made: Made, place: string, text: string): void {
  const [kind, name] = splitPlace(place);
  if (kind === 'header') made.headers[name.toLowerCase()] = text;
  if (kind === 'query')
    made.url += `${made.url.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(text)}`;
  if (kind !== 'json') return;
  const body = jsonOf(made.body);
  if (!isRecord(body)) return;
  const path = name
    .split('/')
    .slice(1)
    .map((one) => one.replaceAll('~1', '/').replaceAll('~0', '~'));
  setAt(body, path, text);
  made.body = JSON.stringify(body);
}

/** Sets a text in JSON; what is on the way there and is none is made, a list where an index or `*` follows. */
function setAt(root: Record<string, unknown>, path: readonly string[], text: string): void {
  let at = root;
  for (const [index, token] of path.entries()) {
    const key = token === '*' ? '0' : token;
    if (key === '__proto__') return;
    const next = path[index + 1];
    if (next === undefined) {
      at[key] = text;
      return;
    }
    if (typeof at[key] !== 'object' || at[key] === null) at[key] = /^(\d+|\*)$/.test(next) ? [] : {};
    at = at[key] as Record<string, unknown>;
  }
}
