/** How long to leave a server alone that keeps failing: doubling, capped, and jittered so that many do not return at once. */

export type BackoffOptions = {
  /** The first pause, in milliseconds. */
  baseMs: number;
  /** The longest pause, in milliseconds. */
  capMs: number;
};

/**
 * Milliseconds to wait after the `failures`th failure in a row: between half and all of `baseMs` × 2^(failures − 1), or of
 * `capMs` if that is less.
 *
 * @param random a number from 0 to 1
 */
export function pauseAfter(
  failures: number,
  { baseMs, capMs }: BackoffOptions,
  random = Math.random(),
): number {
  const whole = Math.min(capMs, baseMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(whole / 2 + (whole / 2) * random);
}
