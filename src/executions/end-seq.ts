import type { Database } from '../database/client.ts';

/**
 * The `seq` of an execution's `end`, behind which nothing ever comes; 0 for one whose events were purged, undefined while it has
 * not ended.
 */
export async function endSeqOf({ db }: { db: Database }, executionId: string): Promise<number | undefined> {
  const end = await db.prisma.executionEvent.findFirst({
    where: { executionId, kind: 'end' },
    select: { seq: true },
    orderBy: { seq: 'desc' },
  });
  if (end) return end.seq;
  const row = await db.prisma.execution.findUnique({
    where: { id: executionId },
    select: { purgedAt: true },
  });
  return row?.purgedAt ? 0 : undefined;
}
