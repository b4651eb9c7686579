import type { Database, Transaction } from '../database/client.ts';

/**
 * The `seq` of an execution's `end`, behind which nothing ever comes; 0 for one whose events were purged, undefined while it has
 * not ended.
 */
export async function endSeqOf({ db }: { db: Database }, executionId: string): Promise<number | undefined> {
  const row = await db.prisma.execution.findUnique({
    where: { id: executionId },
    select: { completedAt: true, purgedAt: true },
  });
  if (row?.purgedAt) return 0;
  return row?.completedAt ? await lastSeqOf(db.prisma, executionId) : undefined;
}

/** The `seq` of an execution's last event so far; 0 where there is none. */
export async function lastSeqOf(tx: Pick<Transaction, '$queryRaw'>, executionId: string): Promise<number> {
  const [row] = await tx.$queryRaw<{ seq: number }[]>`
    SELECT coalesce(greatest(
      (SELECT cardinality(kind) FROM ended_events WHERE execution_id = ${executionId}::uuid),
      (SELECT max(seq) FROM execution_events WHERE execution_id = ${executionId}::uuid)), 0) AS seq`;
  return row?.seq ?? 0;
}
