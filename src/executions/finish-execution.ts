import { contentHashOf, finishedDataOf, readEventsHashes } from '../audit/execution-record.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { ExecutionStatus } from '../contract/execution-status.ts';
import type { Usage } from '../contract/executions.ts';
import { Prisma, type Transaction } from '../database/client.ts';
import { storableJson, storableText } from '../database/storable.ts';
import { timeNow } from '../kernel/clock.ts';
import { hashOf, sha256 } from '../kernel/hash.ts';
import { afterFailure } from './after-failure.ts';
import { afterSuccess } from './after-success.ts';
import { appendEvents, type NewEvent } from './append-events.ts';
import { closeApprovals } from './close-approvals.ts';
import { endTurn } from './end-turn.ts';
import type { ExecutionRow } from './find-execution.ts';
import { foldEvents } from './fold-events.ts';
import { readTrace } from './get-execution.ts';
import { isAside } from './is-aside.ts';
import { lockExecution } from './lock-execution.ts';
import { spentSoFar } from './spent-so-far.ts';
import type { StartDeps } from './start-execution.ts';

export type Ending = {
  status: 'succeeded' | 'failed' | 'cancelled';
  /** Redacted. */
  output?: string | undefined;
  /** A sentence for a person, redacted, and a code for programs. */
  error?: { code: ErrorCode; message: string } | undefined;
  /** As the last `usage` event has it, when left out. */
  usage?: Usage;
  /** How long it ran, in milliseconds, by a clock that only counts on; as its times say, when left out. */
  ranMs?: number;
  /** Who must hold the execution: a worker, or nobody (null). Anybody, when left out. */
  holder?: string | null;
  /** Which status it must have, when not any that is not final. */
  from?: ExecutionStatus;
};

/**
 * Ends an execution in one transaction: the final row with its hashes and the assembled trace, its last events, the
 * skill's count, and what follows a failure. From then on the database refuses to change it.
 *
 * @returns false when it was final already, as the first ending stands, or when another than `holder` has it
 */
export async function finishExecution(
  deps: StartDeps,
  executionId: string,
  ending: Ending,
): Promise<boolean> {
  return await deps.db.transaction(
    async (tx) => {
      await lockExecution(tx, executionId);
      const row = await tx.execution.findUniqueOrThrow({ where: { id: executionId }, omit: { trace: true } });
      if (row.completedAt !== null) return false;
      if (ending.holder !== undefined && row.claimedBy !== ending.holder) return false;
      if (ending.from !== undefined && row.status !== ending.from) return false;
      const { usage = await spentSoFar(tx, executionId) } = ending;
      const completedAt = timeNow();
      const error =
        ending.status === 'failed' && !isAside(row)
          ? await afterFailure(deps, tx, row, ending, completedAt)
          : ending.error;
      const trace = await readTrace(tx, executionId);
      const output = ending.output === undefined ? null : storableText(ending.output);
      const final = {
        status: ending.status,
        output,
        error: error ? storableText(error.message) : null,
        errorCode: error?.code ?? null,
        completedAt,
        durationMs: Math.min(longestMs, Math.round(ending.ranMs ?? tookMs(row, completedAt))),
        ...usageColumns(usage),
        outputHash: Uint8Array.from(sha256(output ?? '')),
        traceHash: Uint8Array.from(hashOf(storableJson(trace))),
      };
      await closeParts(tx, executionId, completedAt);
      await closeApprovals(tx, executionId, completedAt, error?.code === 'E_APPROVAL_EXPIRED');
      await tx.stepSession.deleteMany({ where: { executionId } });
      const events: NewEvent[] = [
        {
          kind: 'status',
          data: { status: ending.status, errorCode: error?.code ?? null, error: error?.message ?? null },
        },
        { kind: 'end', data: { status: ending.status } },
      ];
      const lastSeq = await appendEvents(tx, executionId, events, completedAt);
      const eventsHashes = await readEventsHashes(tx, [{ id: executionId, lastSeq }]);
      await foldEvents(tx, executionId);
      const contentHash = Uint8Array.from(contentHashOf({ ...row, ...final }));
      // The trace may be many megabytes: it is not read back.
      const { steps, toolCalls } = await tx.execution.update({
        where: { id: executionId },
        data: { ...final, contentHash, claimedBy: null, trace: trace as Prisma.InputJsonValue },
        select: { steps: true, toolCalls: true },
      });
      await endTurn({ queue: deps.queue, tx }, row, completedAt);
      await recordAudit(tx, {
        action: 'execution.finished',
        actor: row.actor,
        subject: executionId,
        data: finishedDataOf({ ...row, ...final, contentHash }, steps, toolCalls, {
          lastSeq,
          hash: eventsHashes.get(executionId) ?? null,
        }),
      });
      if (isAside(row)) return true;
      if (ending.status === 'succeeded') await afterSuccess({ queue: deps.queue, tx }, row, completedAt);
      // Not through Prisma, which would move `updated_at`: a run changes nothing of the skill that a person edits.
      await tx.$executeRaw`
        UPDATE skills SET run_count = run_count + 1, last_run_at = ${completedAt} WHERE id = ${row.skillId}::uuid`;
      return true;
    },
    { timeoutMs: 120_000 },
  );
}

/** Steps and calls that the end finds open. */
async function closeParts(tx: Transaction, executionId: string, completedAt: Date): Promise<void> {
  await tx.executionStep.updateMany({
    where: { executionId, status: 'pending' },
    data: { status: 'skipped' },
  });
  // Left so by an error of the VM itself.
  await tx.executionStep.updateMany({
    where: { executionId, status: 'running' },
    data: { status: 'failed', finishedAt: completedAt },
  });
  // Whatever comes of a call that is under way still: nobody will write it down.
  await tx.toolCall.updateMany({
    where: { executionId, status: { in: ['intended', 'dispatched'] } },
    data: { status: 'unknown', finishedAt: completedAt },
  });
}

/** Usage as the row has it. */
function usageColumns({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costUsd }: Usage) {
  return {
    tokenCount: BigInt(inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens),
    inputTokens: BigInt(inputTokens),
    outputTokens: BigInt(outputTokens),
    cacheReadTokens: BigInt(cacheReadTokens),
    cacheWriteTokens: BigInt(cacheWriteTokens),
    costUsd: costUsd === null ? null : new Prisma.Decimal(costUsd.toFixed(6)),
  };
}

/** What the column holds. A run that was cancelled after the clock went a year ahead seems to have taken longer. */
const longestMs = 2 ** 31 - 1;

/** Waiting for a person is none of the time that a run takes. */
export function tookMs(
  { startedAt, waitingSince, waitedMs }: Pick<ExecutionRow, 'startedAt' | 'waitingSince' | 'waitedMs'>,
  completedAt: Date,
): number {
  if (startedAt === null) return 0;
  const waiting = waitingSince === null ? 0 : completedAt.getTime() - waitingSince.getTime();
  return Math.max(0, completedAt.getTime() - startedAt.getTime() - Number(waitedMs) - waiting);
}
