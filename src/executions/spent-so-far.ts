import { type Usage, usageSchema } from '../contract/executions.ts';
import { noUsage } from '../contract/usage.ts';
import type { Transaction } from '../database/client.ts';

/** What an execution has spent until now, also in a step of which a crash left nothing but its events. */
export async function spentSoFar(
  db: Pick<Transaction, 'executionEvent'>,
  executionId: string,
): Promise<Usage> {
  const last = await db.executionEvent.findFirst({
    where: { executionId, kind: 'usage' },
    orderBy: { seq: 'desc' },
  });
  return last ? usageSchema.parse(last.data) : noUsage();
}
