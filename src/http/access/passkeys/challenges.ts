/** Challenges of this VM (web/passkeys/challenges.ts): the key, and those that were used until their time is over, are in memory alone. */

import { randomBytes } from 'node:crypto';
import { millisNow } from '../../../kernel/clock.ts';
import {
  type Begun,
  beginChallenge,
  endOfChallenge,
  findChallenge,
} from '../../../web/passkeys/challenges.ts';

/** A cookie of its own: it is there before anybody is signed in. */
export const challengeCookie = 'alfred_vm_challenge';

export class Challenges {
  readonly #key = randomBytes(32);
  /** The texts of those that were used, with the end of each. */
  readonly #used = new Map<string, number>();

  /** @param purpose what a signature is for, by whom and where: it is good for nothing else */
  begin(purpose: string): Begun {
    return beginChallenge(this.#key, purpose);
  }

  /** The challenge that this browser was given for `purpose`; undefined when it is over, or was used. */
  find(cookie: string | undefined, purpose: string): string | undefined {
    if (cookie !== undefined && this.#used.has(cookie)) return undefined;
    return findChallenge(this.#key, cookie, purpose);
  }

  /** Uses it up. @returns false when that was done already: of two at once, one is the first */
  use(cookie: string): boolean {
    const now = millisNow();
    for (const [one, end] of this.#used) if (end <= now) this.#used.delete(one);
    if (this.#used.has(cookie)) return false;
    this.#used.set(cookie, endOfChallenge(cookie) ?? now);
    return true;
  }
}
