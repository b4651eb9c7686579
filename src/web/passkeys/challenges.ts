/**
 * What a device is asked to sign. A challenge is made from a random text that the browser keeps in a cookie and a key that the
 * server has, so that it is good in the browser that began, for one purpose, for five minutes, and costs nothing to have
 * given out: strangers who ask for many crowd nobody's out. Who takes an answer remembers the cookie, so that it counts once.
 */

import { createHmac, randomBytes } from 'node:crypto';
import { millisNow } from '../../kernel/clock.ts';

/** How long a challenge is good, in milliseconds. */
export const challengeLifetime = 5 * 60_000;

export type Begun = {
  /** base64url, as the browser is given it. */
  challenge: string;
  /** The cookie's value. */
  cookie: string;
};

/** @param purpose what a signature is for, by whom and where: it is good for nothing else */
export function beginChallenge(key: Uint8Array, purpose: string): Begun {
  const cookie = `${millisNow() + challengeLifetime}.${randomBytes(32).toString('base64url')}`;
  return { challenge: challengeOf(key, cookie, purpose), cookie };
}

/** The challenge that the browser with this cookie was given for `purpose`; undefined when it is over. */
export function findChallenge(
  key: Uint8Array,
  cookie: string | undefined,
  purpose: string,
): string | undefined {
  const end = endOfChallenge(cookie);
  if (cookie === undefined || end === undefined || end <= millisNow()) return undefined;
  return challengeOf(key, cookie, purpose);
}

/** When it is over; undefined for what is no such cookie. */
export function endOfChallenge(cookie: string | undefined): number | undefined {
  const time = /^(\d{13})\.[A-Za-z0-9_-]{43}$/.exec(cookie ?? '')?.[1];
  return time === undefined ? undefined : Number(time);
}

// Whoever makes a cookie up does not know its challenge, and no device is asked for it.
const challengeOf = (key: Uint8Array, cookie: string, purpose: string): string =>
  createHmac('sha256', key)
    .update(JSON.stringify([purpose, cookie]))
    .digest('base64url');
