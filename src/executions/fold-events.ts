import type { Transaction } from '../database/client.ts';

/**
 * Puts the events of an execution that ends into one row of `ended_events`, without its messages: those are its trace, which
 * the caller writes in the same transaction (docs/decisions/0026). Whoever reads them by `all_events` sees no difference.
 * Events that are numbered with a gap stay as they are, as the row has no numbers.
 */
export async function foldEvents(tx: Pick<Transaction, '$executeRaw'>, executionId: string): Promise<void> {
  const folded = await tx.$executeRaw`
    INSERT INTO ended_events (execution_id, at, step, kind, data)
    SELECT execution_id, array_agg(at ORDER BY seq), array_agg(step ORDER BY seq), array_agg(kind ORDER BY seq),
      array_agg(CASE WHEN kind <> 'message' THEN data END ORDER BY seq)
    FROM execution_events WHERE execution_id = ${executionId}::uuid
    GROUP BY execution_id HAVING min(seq) = 1 AND max(seq) = count(*)`;
  if (folded > 0)
    await tx.$executeRaw`DELETE FROM execution_events WHERE execution_id = ${executionId}::uuid`;
}
