/** Pages of lists: one row more than is shown is read, and says whether another page follows. */
import type { z } from 'zod';
import type { AlfredError } from '../kernel/errors.ts';
import { validationError } from '../kernel/validate.ts';

/** E_VALIDATION for a cursor that no page gave. */
export const wrongCursor = (): AlfredError =>
  validationError('The query', [{ field: '/cursor', message: 'use nextCursor of the page before' }]);

/**
 * Of up to `limit + 1` rows those of the page, and the cursor of the next.
 *
 * @param cursorOf what says where a page ends, of its last row
 */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => string,
): { page: Row[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { page, nextCursor: last !== undefined && rows.length > limit ? cursorOf(last) : null };
}

/** The cursor of a list by name: names hold what an address would not. */
export const nameCursor = (name: string): string => Buffer.from(name).toString('base64url');

/**
 * The name that a cursor stands for.
 *
 * @throws AlfredError E_VALIDATION for a cursor that no page gave
 */
export function nameOfCursor(cursor: string, names: z.ZodType<string>): string {
  const name = names.safeParse(Buffer.from(cursor, 'base64url').toString());
  if (name.success) return name.data;
  throw wrongCursor();
}
