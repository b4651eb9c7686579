import type { ExecutionEvent, ExecutionEventKind } from '../contract/events.ts';
import type { Database } from '../database/client.ts';

/** How many events are read at once. */
const pageSize = 500;

/** The next events of an execution behind `after`; `isLast` when there were no more at that moment. */
export async function readEvents(
  db: Database,
  executionId: string,
  after: number,
): Promise<{ events: ExecutionEvent[]; isLast: boolean }> {
  const rows = await db.prisma.executionEvent.findMany({
    where: { executionId, seq: { gt: after } },
    orderBy: { seq: 'asc' },
    take: pageSize,
  });
  const events = rows.map(
    ({ seq, at, step, kind, data }) =>
      ({ seq, at: at.toISOString(), step, kind: kind as ExecutionEventKind, data }) as ExecutionEvent,
  );
  return { events, isLast: rows.length < pageSize };
}
