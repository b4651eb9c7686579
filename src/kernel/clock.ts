/**
 * What the time is. A program on a database goes by the database's clock (database/keep-time.ts), so that all processes agree; one
 * that has none yet goes by its machine's.
 */

/** The time, as something that a test can set. */
export type Clock = { now(): Date };

let aheadMs = 0;

/** By how many milliseconds the time that counts is ahead of this machine's. */
export function setClockAhead(ms: number): void {
  aheadMs = ms;
}

/** In milliseconds since 1970. */
export const millisNow = (): number => Date.now() + aheadMs;
export const timeNow = (): Date => new Date(millisNow());

export const systemClock: Clock = { now: timeNow };
