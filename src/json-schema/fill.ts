import { isRecord } from '../contract/is-record.ts';

/** Puts `value` at `path` where there is nothing yet; what is no object on the way is left as it is. */
export function fill(
  target: Record<string, unknown>,
  path: readonly string[],
  value: string,
  always = false,
): void {
  let at: unknown = target;
  for (const [index, key] of path.entries()) {
    if (!isRecord(at) || key === '__proto__') return;
    if (index === path.length - 1) {
      if (always || !Object.hasOwn(at, key)) at[key] = value;
      return;
    }
    if (!Object.hasOwn(at, key)) at[key] = {};
    at = at[key];
  }
}
