import type { Transaction } from '../database/client.ts';

/**
 * Locks an execution's row until the transaction ends: who changes an execution, or adds to it, takes turns by it.
 *
 * @returns undefined when there is none of that id
 */
export async function lockExecution(
  tx: Pick<Transaction, '$queryRaw'>,
  id: string,
): Promise<{ claimedBy: string | null } | undefined> {
  const [row] = await tx.$queryRaw<{ claimedBy: string | null }[]>`
    SELECT claimed_by::text AS "claimedBy" FROM executions WHERE id = ${id}::uuid FOR UPDATE`;
  return row;
}
