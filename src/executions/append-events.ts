import type { ExecutionEventData, ExecutionEventKind } from '../contract/events.ts';
import { askPg } from '../database/ask.ts';
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

const appending = {
  name: 'append as holder',
  text: `
    WITH held AS (
      SELECT id FROM executions
      WHERE id = $1::uuid AND claimed_by = $2::uuid
        AND ($5::bigint IS NULL OR $5::bigint = (SELECT epoch FROM secret_epoch)) FOR UPDATE
    )
    INSERT INTO execution_events (execution_id, seq, at, step, kind, data)
    SELECT held.id, n + coalesce((SELECT max(seq) FROM execution_events WHERE execution_id = $1::uuid), 0), $3::timestamptz,
      step, kind, data
    FROM held, json_to_recordset($4::text::json) AS event (n int, step int, kind text, data jsonb)
    RETURNING true AS written`,
};

/** SQLSTATE of a number that somebody else took meanwhile. */
const taken = '23505';

/**
 * Appends events in one statement of its own, as long as `workerId` holds the execution: who watches an answer waits for
 * nothing but this. What is in them must be redacted already.
 *
 * @param secretEpoch up to which count of secrets; where there are more by now, nothing is written
 * @returns false where nothing was written: somebody else was writing, or holds the execution
 */
export async function appendAsHolder(
  db: Pick<Database, 'pool'>,
  { executionId, workerId }: { executionId: string; workerId: string },
  events: readonly NewEvent[],
  secretEpoch?: bigint,
): Promise<boolean> {
  const rows = events.map(({ kind, step = null, data }, index) => ({
    n: index + 1,
    step,
    kind,
    data: storableJson(data),
  }));
  try {
    const written = await askPg(db.pool)<{ written: boolean }>(appending, [
      executionId,
      workerId,
      timeNow(),
      JSON.stringify(rows),
      secretEpoch ?? null,
    ]);
    return written.length > 0;
  } catch (error) {
    // It waited for another's transaction, and counted before it: the statement sees what was there when it began.
    if ((error as { code?: unknown }).code === taken) return false;
    throw error;
  }
}
