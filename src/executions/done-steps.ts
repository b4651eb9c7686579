import type { Transaction } from '../database/client.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import type { Vault } from '../vault/vault.ts';

/** The outputs of an execution's steps before the first that is not done. @throws AlfredError E_ROW_ALTERED */
export async function doneSteps(
  tx: Transaction,
  { redactor }: Vault,
  executionId: string,
): Promise<Map<number, string>> {
  const steps = await tx.executionStep.findMany({ where: { executionId }, orderBy: { stepId: 'asc' } });
  const stopped = steps.findIndex(({ status }) => status !== 'done');
  const done = steps.slice(0, stopped === -1 ? steps.length : stopped);
  for (const step of done) rowGuardOf(tx).check('execution_steps', step);
  return new Map(done.map(({ stepId, output }) => [stepId, redactor.text(output ?? '')]));
}
