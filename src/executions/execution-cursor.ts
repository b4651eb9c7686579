/** A place in the list of executions, newest first, and how a page names where the next one begins. */
import { AlfredError } from '../kernel/errors.ts';

export type Place = { createdAt: Date; id: string };

/** Before every execution: where the first page begins. */
export const beforeAll: Place = {
  createdAt: new Date('9999-12-31T23:59:59.999Z'),
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};

export const cursorOf = ({ createdAt, id }: Place): string =>
  Buffer.from(`${createdAt.toISOString()} ${id}`).toString('base64url');

/** @throws AlfredError E_VALIDATION for a cursor that no page gave */
export function placeOf(cursor: string): Place {
  const [, time, id] =
    /^(\S{24}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(
      Buffer.from(cursor, 'base64url').toString(),
    ) ?? [];
  if (time === undefined || id === undefined || !isTime(time)) {
    throw new AlfredError('E_VALIDATION', 'This cursor is none that a page gave.', {
      remedy: 'Leave it out to begin with the newest, then use nextCursor as it is.',
      fields: [{ field: '/cursor', message: 'is none that a page gave' }],
    });
  }
  return { createdAt: new Date(time), id };
}

/** A time exactly as `cursorOf` writes it: PostgreSQL would fail on any other. */
function isTime(text: string): boolean {
  const time = new Date(text);
  return !Number.isNaN(time.getTime()) && time.toISOString() === text;
}
