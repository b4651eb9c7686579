import type { ExecutionEvent, ExecutionEventKind } from '../contract/events.ts';
import type { Database } from '../database/client.ts';

type EventRow = { seq: number; at: Date; step: number | null; kind: string; data: unknown };

/** How many events are read at once. */
const pageSize = 1000;

/** The next events of an execution behind `after`; `isLast` when there were no more at that moment. */
export async function readEvents(
  db: Database,
  executionId: string,
  after: number,
): Promise<{ events: ExecutionEvent[]; isLast: boolean }> {
  // Bare SQL: every word of an answer is read so, once for each who watches.
  const { rows } = await db.pool.query<EventRow>(
    `SELECT seq, at, step, kind, data FROM all_events
     WHERE execution_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
    [executionId, after, pageSize],
  );
  const events = rows.map(
    ({ seq, at, step, kind, data }) =>
      ({ seq, at: at.toISOString(), step, kind: kind as ExecutionEventKind, data }) as ExecutionEvent,
  );
  return { events, isLast: rows.length < pageSize };
}
