import type { Transaction } from '../database/client.ts';
import { hashOf } from '../kernel/hash.ts';
import { rowAltered, rowGuardOf } from '../vault/row-guard.ts';
import { type ApprovalRow, argumentsOf } from './present-approval.ts';

/**
 * Sees that a call that waits, or was decided about, is the one that was asked for, and that its decision was made here.
 *
 * @throws AlfredError E_ROW_ALTERED
 */
export function checkApproval(db: Pick<Transaction, 'approval'>, row: ApprovalRow): void {
  rowGuardOf(db).check('approvals', row);
  const args = argumentsOf(row);
  if (args === null || !hashOf(args).equals(row.argumentsHash)) throw rowAltered('approvals', row.id);
}
