/** For which connection a sign-in was begun, and whether it is still the same. */
import { AlfredError } from '../../kernel/errors.ts';
import { approvalHash } from '../config/approval.ts';
import type { LoginRow } from './login-row.ts';

/** What a sign-in is for: the connection as it was approved when it was begun. */
export type Begun = { id: string; name: string; approvedHash: string };

export const begunFor = (row: LoginRow): Begun => ({
  id: row.id,
  name: row.name,
  approvedHash: approvalHash(row).toString('hex'),
});

/** A login is for the connection that it was begun for, as it was approved then. @throws AlfredError E_LOGIN_FAILED */
export function assertSame({ id, approvedHash }: Begun, row: LoginRow): void {
  if (row.id === id && approvalHash(row).toString('hex') === approvedHash) return;
  throw new AlfredError(
    'E_LOGIN_FAILED',
    `"${row.name}" leads to another server than when the sign-in was begun.`,
    {
      remedy: 'Begin it again.',
    },
  );
}
