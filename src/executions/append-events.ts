import type { ExecutionEventData, ExecutionEventKind } from '../contract/events.ts';
import type { Prisma, Transaction } from '../database/client.ts';
import { storableJson } from '../database/storable.ts';
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
  at = new Date(),
): Promise<number> {
  if (events.length === 0) return 0;
  await lockExecution(tx, executionId);
  const last = await tx.executionEvent.aggregate({ where: { executionId }, _max: { seq: true } });
  const first = (last._max.seq ?? 0) + 1;
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
