import type { ExecutionEvent, ExecutionEventKind } from '../contract/events.ts';
import { askPg } from '../database/ask.ts';
import type { Database } from '../database/client.ts';

type EventRow = { seq: number; at: Date; step: number | null; kind: string; data: unknown };

/** How many events are read at once: of those that were, few at first, for whoever waits to see something. */
const pageSize = 1000;
export const firstPageSize = 50;

const reading = {
  name: 'read events',
  text: `SELECT seq, at, step, kind, data FROM all_events
     WHERE execution_id = $1::uuid AND seq > $2::int ORDER BY seq LIMIT $3::int`,
};

/** The next events of an execution behind `after`; `isLast` when there were no more at that moment. */
export async function readEvents(
  db: Database,
  executionId: string,
  after: number,
  most = pageSize,
): Promise<{ events: ExecutionEvent[]; isLast: boolean }> {
  // Bare SQL, prepared once: every word of an answer is read so, once for each who watches.
  const rows = await askPg(db.pool)<EventRow>(reading, [executionId, after, most]);
  const events = rows.map(
    ({ seq, at, step, kind, data }) =>
      ({ seq, at: at.toISOString(), step, kind: kind as ExecutionEventKind, data }) as ExecutionEvent,
  );
  return { events, isLast: rows.length < most };
}
