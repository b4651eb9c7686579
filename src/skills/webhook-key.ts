/** The secret of a hook as the key that its scheme wants. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { WebhookScheme } from '../contract/webhook-scheme.ts';
import { sha256 } from '../kernel/hash.ts';

/** The bytes of a secret that is shared. */
export function keyBytes({ key }: WebhookScheme, secret: string): Buffer {
  if (key === 'whsec') return Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return Buffer.from(secret, key);
}

/**
 * The sender's public key: raw in hex or base64 (Ed25519), or as SPKI in base64 or PEM.
 *
 * @throws Error when it is none
 */
export function publicKey({ key, algorithm }: WebhookScheme, secret: string): KeyObject {
  if (secret.includes('-----BEGIN')) return createPublicKey(secret);
  const bytes = Buffer.from(secret, key === 'hex' ? 'hex' : 'base64');
  if (algorithm === 'ed25519' && bytes.length === 32) {
    return createPublicKey({
      format: 'jwk',
      key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') },
    });
  }
  return createPublicKey({ format: 'der', type: 'spki', key: bytes });
}

/** What a secret of this scheme must look like; undefined when this one does. */
export function wrongSecretForm(scheme: WebhookScheme, secret: string): string | undefined {
  if (scheme.algorithm === 'ed25519' || scheme.algorithm === 'ecdsa-sha256') {
    try {
      const { asymmetricKeyType } = publicKey(scheme, secret);
      const wanted = scheme.algorithm === 'ed25519' ? 'ed25519' : 'ec';
      return asymmetricKeyType === wanted ? undefined : `this is a key of another kind: ${asymmetricKeyType}`;
    } catch {
      return scheme.key === 'hex'
        ? 'use the public key that the sender shows: 64 hexadecimal digits'
        : 'use the public key that the sender shows, in base64';
    }
  }
  switch (scheme.key) {
    case 'whsec':
      return isStandardSecret(secret)
        ? undefined
        : 'use whsec_ and the base64 of 24 to 64 bytes (Standard Webhooks), or leave it out';
    case 'base64':
      return isSame(secret, 'base64') ? undefined : 'use base64, as the sender shows it';
    case 'hex':
      return isSame(secret.toLowerCase(), 'hex')
        ? undefined
        : 'use hexadecimal digits, as the sender shows them';
    default:
      return undefined;
  }
}

/** Buffer ignores what does not belong there, so the text is made again and compared. */
const isSame = (text: string, encoding: 'base64' | 'hex'): boolean =>
  Buffer.from(text, encoding).toString(encoding) === text;

/** Standard Webhooks specification, "Signature scheme": 24 to 64 bytes, base64, after `whsec_`. */
function isStandardSecret(secret: string): boolean {
  const base64 = secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : '';
  const { length } = Buffer.from(base64, 'base64');
  return length >= 24 && length <= 64 && isSame(base64, 'base64');
}

/** A verify token as it is kept: it opens nothing but the trial of an address, and need not be read again. */
export const hashedToken = (token: string): string =>
  isHashedToken(token) ? token : `sha256:${sha256(token).toString('hex')}`;

/** Whether it is the hash that stands for a verify token. */
const isHashedToken = (token: string): boolean => /^sha256:[0-9a-f]{64}$/.test(token);
