/** The proxies that may say for whom they ask (`X-Forwarded-For`), as a setting has them. */
import { isIP } from 'node:net';
import { z } from 'zod';

/** Names for ranges, as Fastify's `trustProxy` knows them. */
const names = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** A range of every address is no proxy: whoever asks would say who they are. */
function isProxy(text: string): boolean {
  if (names.has(text)) return true;
  const [address = '', length, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  if (length === undefined) return true;
  return /^[1-9]\d{0,2}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128);
}

/** `address, address/length, name`: a list for Fastify's `trustProxy`. */
export const trustedProxiesSchema = z.string().transform((text, context) => {
  const proxies = text.split(',').map((part) => part.trim());
  if (proxies.every(isProxy)) return proxies;
  context.addIssue({
    code: 'custom',
    message:
      'use addresses (10.0.0.2), ranges (10.0.0.0/24) or the names loopback, linklocal, uniquelocal, with commas between them',
  });
  return z.NEVER;
});

/** What Fastify is given as `trustProxy`: without a proxy, nobody is asked who asks. */
export const trustProxy = (proxies: readonly string[]): string[] | false =>
  proxies.length === 0 ? false : [...proxies];
