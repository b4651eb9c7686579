import { settings } from './known-keys.ts';

/**
 * The setting that `key` most likely stands for: one slip away from it. Undefined for a setting, and for an entry of the
 * owner's own.
 */
export const meantKey = (key: string): string | undefined =>
  Object.hasOwn(settings, key) ? undefined : Object.keys(settings).find((known) => isOneSlipAway(key, known));

/** Whether one letter more, less, or other, or two that changed places, make `a` into `b`. */
function isOneSlipAway(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  if (long.length > short.length) return short.slice(at) === long.slice(at + 1);
  if (short.slice(at + 1) === long.slice(at + 1)) return true;
  return (
    short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2)
  );
}
