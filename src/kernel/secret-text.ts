/** Bearer tokens, session cookies and sign-in codes: 256 random bits, of which the database keeps a SHA-256 alone. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { sha256 } from './hash.ts';

/** A new one, with a prefix that lets a scanner of leaked secrets know it. */
export const newSecretText = (prefix: string): string => `${prefix}${randomBytes(32).toString('base64url')}`;

/** What the database keeps of one. */
export const hashOfSecret = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(sha256(text));

/** True when `text` has the form of one with this prefix; everything else is refused before the database is asked. */
export const isSecretText = (prefix: string, text: string): boolean =>
  text.length === prefix.length + 43 &&
  text.startsWith(prefix) &&
  /^[A-Za-z0-9_-]+$/.test(text.slice(prefix.length));

/** Compares two hashes in constant time. */
export const isSameHash = (a: Uint8Array, b: Uint8Array): boolean =>
  a.byteLength === b.byteLength && timingSafeEqual(a, b);
