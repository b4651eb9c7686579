/** What the deliveries of this folder share. */
import { createHmac } from 'node:crypto';

export const url = 'https://alfred.example/hooks/a';
export const key = 'a-secret-of-this-test-0123456789';
export const whsec = 'whsec_c2VjcmV0IGJ5dGVzIG9mIGEgdGVzdCBob29r';
export const json = { 'content-type': 'application/json' };

export const hmac = (
  text: string,
  encoding: 'hex' | 'base64' | 'base64url' = 'hex',
  hash = 'sha256',
): string => createHmac(hash, key).update(text).digest(encoding);
