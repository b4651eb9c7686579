import type { Transaction } from '../database/client.ts';
import { hashOf } from '../kernel/hash.ts';
import { rowAltered, rowGuardOf } from '../vault/row-guard.ts';
import type { ExecutionRow } from './find-execution.ts';

/**
 * Sees that an execution would run what it was started with: the skill's version, mode, model, starter and input are as this
 * VM wrote them.
 *
 * @throws AlfredError E_ROW_ALTERED
 */
export function checkStart(db: Pick<Transaction, 'execution'>, row: ExecutionRow): void {
  rowGuardOf(db).check('executions', row);
  if (row.inputHash === null || !hashOf(row.input).equals(row.inputHash))
    throw rowAltered('executions', row.id);
}
