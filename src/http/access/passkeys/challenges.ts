/**
 * What a device is asked to sign. A challenge is made from a random text that the browser keeps in a cookie and a key that is in
 * memory alone, so that it is good in the browser that began, for one purpose, for five minutes, and costs us nothing to have
 * given out: strangers who ask for many crowd nobody's out. A challenge that was used is remembered until its time is over.
 */
import { createHmac, randomBytes } from 'node:crypto';

/** A cookie of its own: it is there before anybody is signed in. */
export const challengeCookie = 'alfred_vm_challenge';

/** How long a challenge is good, in milliseconds. */
export const challengeLifetime = 5 * 60_000;

export type Begun = {
  /** base64url, as the browser is given it. */
  challenge: string;
  /** The cookie's value. */
  cookie: string;
};

export class Challenges {
  readonly #key = randomBytes(32);
  /** The texts of those that were used, with the end of each. */
  readonly #used = new Map<string, number>();

  /** @param purpose what a signature is for, by whom and where: it is good for nothing else */
  begin(purpose: string): Begun {
    const cookie = `${Date.now() + challengeLifetime}.${randomBytes(32).toString('base64url')}`;
    return { challenge: this.#challengeOf(cookie, purpose), cookie };
  }

  /** The challenge that this browser was given for `purpose`; undefined when it is over, or was used. */
  find(cookie: string | undefined, purpose: string): string | undefined {
    const end = endOf(cookie);
    if (cookie === undefined || end === undefined || end <= Date.now() || this.#used.has(cookie))
      return undefined;
    return this.#challengeOf(cookie, purpose);
  }

  /** Uses it up. @returns false when that was done already: of two at once, one is the first */
  use(cookie: string): boolean {
    const now = Date.now();
    for (const [one, end] of this.#used) if (end <= now) this.#used.delete(one);
    if (this.#used.has(cookie)) return false;
    this.#used.set(cookie, endOf(cookie) ?? now);
    return true;
  }

  // Whoever makes a cookie up does not know its challenge, and no device is asked for it.
  #challengeOf(cookie: string, purpose: string): string {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([purpose, cookie]))
      .digest('base64url');
  }
}

function endOf(cookie: string | undefined): number | undefined {
  const time = /^(\d{13})\.[A-Za-z0-9_-]{43}$/.exec(cookie ?? '')?.[1];
  return time === undefined ? undefined : Number(time);
}
