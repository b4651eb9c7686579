import type { Database } from '../database/client.ts';

/** The `seq` of an execution's `end`, behind which nothing ever comes; undefined while it has not ended. */
export async function endSeqOf({ db }: { db: Database }, executionId: string): Promise<number | undefined> {
  const end = await db.prisma.executionEvent.findFirst({
    where: { executionId, kind: 'end' },
    select: { seq: true },
    orderBy: { seq: 'desc' },
  });
  return end?.seq;
}
