/** How long to leave alone what keeps failing. */

export type Backoff = {
  /** The first pause, in milliseconds. */
  baseMs: number;
  /** The longest pause, in milliseconds. */
  capMs: number;
};

/** Milliseconds after the `failures`th failure in a row: `baseMs`, doubled each time, and never more than `capMs`. */
export const doubled = (failures: number, { baseMs, capMs }: Backoff): number =>
  Math.min(capMs, baseMs * 2 ** Math.min(failures - 1, 30));

/**
 * Between half and all of `doubled`, so that many who failed together do not return together.
 *
 * @param random a number from 0 to 1
 */
export const pauseAfter = (failures: number, backoff: Backoff, random = Math.random()): number =>
  Math.round((doubled(failures, backoff) / 2) * (1 + random));
