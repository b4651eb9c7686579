import type { ExecutionEventData, ExecutionEventKind } from '../contract/events.ts';
import type { Database, Prisma, Transaction } from '../database/client.ts';
import { storableJson } from '../database/storable.ts';
import { timeNow } from '../kernel/clock.ts';
import { lastSeqOf } from './end-seq.ts';
import { lockExecution } from './lock-execution.ts';

export type NewEvent = {
  [Kind in ExecutionEventKind]: { kind: Kind; step?: number; data: ExecutionEventData[Kind] };
}[ExecutionEventKind];

/**
 * Appends events to an execution, numbered without gaps: its row is locked, so that two writers take turns. What is in
 * them must be redacted already.
 *
 * @returns the number of the last one
 */
export async function appendEvents(
  tx: Transaction,
  executionId: string,
  events: readonly NewEvent[],
  at = timeNow(),
): Promise<number> {
  if (events.length === 0) return 0;
  await lockExecution(tx, executionId);
  const first = (await lastSeqOf(tx, executionId)) + 1;
  await tx.executionEvent.createMany({
    data: events.map(({ kind, step, data }, index) => ({
      executionId,
      seq: first + index,
      at,
      step: step ?? null,
      kind,
      data: storableJson(data) as Prisma.InputJsonValue,
    })),
  });
  return first + events.length - 1;
}

/** SQLSTATE of a number that somebody else took meanwhile. */
const taken = '23505';

/**
 * Appends events in one statement of its own, as long as `workerId` holds the execution: who watches an answer waits for
 * nothing but this. What is in them must be redacted already.
 *
 * @returns false where nothing was written: somebody else was writing, or holds the execution
 */
export async function appendAsHolder(
  db: Pick<Database, 'pool'>,
  { executionId, workerId }: { executionId: string; workerId: string },
  events: readonly NewEvent[],
): Promise<boolean> {
  const rows = events.map(({ kind, step = null, data }, index) => ({
    n: index + 1,
    step,
    kind,
    data: storableJson(data),
  }));
  try {
    const { rowCount } = await db.pool.query(
      `WITH held AS (SELECT id FROM executions WHERE id = $1 AND claimed_by = $2 FOR UPDATE)
       INSERT INTO execution_events (execution_id, seq, at, step, kind, data)
       SELECT held.id, n + coalesce((SELECT max(seq) FROM execution_events WHERE execution_id = $1), 0), $3, step, kind, data
       FROM held, json_to_recordset($4::json) AS event (n int, step int, kind text, data jsonb)`,
      [executionId, workerId, timeNow(), JSON.stringify(rows)],
    );
    return (rowCount ?? 0) > 0;
  } catch (error) {
    // It waited for another's transaction, and counted before it: the statement sees what was there when it began.
    if ((error as { code?: unknown }).code === taken) return false;
    throw error;
  }
}
