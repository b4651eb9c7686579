import { isRecord } from './is-record.ts';

/**
 * The JSON merge patch (RFC 7396) that makes `before` into `after`: what fell away is null, lists are replaced whole. An
 * entry of `after` that is null cannot be said in a patch, and falls away.
 */
export function mergePatchOf(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Record<string, unknown> {
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  return {
    ...Object.fromEntries(gone.map((key) => [key, null])),
    ...Object.fromEntries(
      Object.entries(after).map(([key, value]) => {
        const was = before[key];
        return [key, isRecord(value) && isRecord(was) ? mergePatchOf(was, value) : value];
      }),
    ),
  };
}
