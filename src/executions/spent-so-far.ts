import { type Usage, usageSchema } from '../contract/executions.ts';
import { noUsage } from '../contract/usage.ts';
import type { Transaction } from '../database/client.ts';

/** What an execution has spent until now, also in a step of which a crash left nothing but its events. */
export async function spentSoFar(db: Pick<Transaction, '$queryRaw'>, executionId: string): Promise<Usage> {
  const [last] = await db.$queryRaw<{ data: unknown }[]>`
    SELECT data FROM all_events WHERE execution_id = ${executionId}::uuid AND kind = 'usage' ORDER BY seq DESC LIMIT 1`;
  return last ? usageSchema.parse(last.data) : noUsage();
}
