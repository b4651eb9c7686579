/** What is other between two JSON values, place by place. */

import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../contract/is-record.ts';
import { jsonPointer } from './validate.ts';

/** `before` is left out where something was added, `after` where it is gone. */
export type Difference = { field: string; before?: unknown; after?: unknown };

/** The places where `after` is other than `before`, in the order of their keys; `[]` when they are equal. */
export function differencesOf(
  before: unknown,
  after: unknown,
  path: readonly PropertyKey[] = [],
): Difference[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => differencesOf(own(before, key), own(after, key), [...path, key]));
  }
  const field = jsonPointer(path);
  return [
    {
      field,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    },
  ];
}

const own = (record: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(record, key) ? record[key] : undefined;
