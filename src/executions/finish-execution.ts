import type { ErrorCode } from '../contract/errors.ts';
import type { Usage } from '../contract/executions.ts';
import { type Database, Prisma } from '../database/client.ts';
import { storableJson, storableText } from '../database/storable.ts';
import { hashOf, sha256 } from '../kernel/hash.ts';
import { appendEvents, type NewEvent } from './append-events.ts';
import type { ExecutionRow } from './find-execution.ts';
import { readTrace } from './get-execution.ts';
import { spentSoFar } from './spent-so-far.ts';

export type Ending = {
  status: 'succeeded' | 'failed' | 'cancelled';
  /** Redacted. */
  output?: string | undefined;
  /** A sentence for a person, redacted, and a code for programs. */
  error?: { code: ErrorCode; message: string } | undefined;
  /** As the last `usage` event has it, when left out. */
  usage?: Usage;
  /** Who must hold the execution: a worker, or nobody (null). Anybody, when left out. */
  holder?: string | null;
};

/** Everything that `contentHash` covers (data-model.md); purging payloads changes none of it. */
function contentHashOf(row: Omit<ExecutionRow, 'contentHash'>): Buffer {
  const hex = (bytes: Uint8Array | null) => (bytes ? Buffer.from(bytes).toString('hex') : null);
  const time = (date: Date | null) => date?.toISOString() ?? null;
  return hashOf({
    id: row.id,
    slug: row.skillSlug,
    version: row.skillVersion,
    skillHash: hex(row.skillHash),
    mode: row.mode,
    model: row.model,
    actor: row.actor,
    trigger: row.trigger,
    status: row.status,
    createdAt: time(row.createdAt),
    startedAt: time(row.startedAt),
    completedAt: time(row.completedAt),
    durationMs: row.durationMs,
    tokenCount: String(row.tokenCount),
    inputTokens: String(row.inputTokens),
    outputTokens: String(row.outputTokens),
    cacheReadTokens: String(row.cacheReadTokens),
    cacheWriteTokens: String(row.cacheWriteTokens),
    costUsd: row.costUsd?.toFixed(6) ?? null,
    errorCode: row.errorCode,
    inputHash: hex(row.inputHash),
    outputHash: hex(row.outputHash),
    traceHash: hex(row.traceHash),
  });
}

/**
 * Ends an execution in one transaction: the final row with its hashes and the assembled trace, its last events, and the
 * skill's count. From then on the database refuses to change it.
 *
 * @returns false when it was final already, as the first ending stands, or when another than `holder` has it
 */
export async function finishExecution(
  { db }: { db: Database },
  executionId: string,
  ending: Ending,
): Promise<boolean> {
  return await db.transaction(
    async (tx) => {
      await tx.$queryRaw`SELECT id FROM executions WHERE id = ${executionId}::uuid FOR UPDATE`;
      const row = await tx.execution.findUniqueOrThrow({ where: { id: executionId } });
      if (row.completedAt !== null) return false;
      if (ending.holder !== undefined && row.claimedBy !== ending.holder) return false;
      const { usage = await spentSoFar(tx, executionId), error } = ending;
      const completedAt = new Date();
      const trace = await readTrace(tx, executionId);
      const output = ending.output === undefined ? null : storableText(ending.output);
      const tokens = usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
      const final = {
        status: ending.status,
        output,
        error: error ? storableText(error.message) : null,
        errorCode: error?.code ?? null,
        completedAt,
        durationMs: completedAt.getTime() - (row.startedAt ?? completedAt).getTime(),
        tokenCount: BigInt(tokens),
        inputTokens: BigInt(usage.inputTokens),
        outputTokens: BigInt(usage.outputTokens),
        cacheReadTokens: BigInt(usage.cacheReadTokens),
        cacheWriteTokens: BigInt(usage.cacheWriteTokens),
        costUsd: usage.costUsd === null ? null : new Prisma.Decimal(usage.costUsd.toFixed(6)),
        outputHash: Uint8Array.from(sha256(output ?? '')),
        traceHash: Uint8Array.from(hashOf(storableJson(trace))),
      };
      await tx.executionStep.updateMany({
        where: { executionId, status: 'pending' },
        data: { status: 'skipped' },
      });
      // Left so by an error of the VM itself.
      await tx.executionStep.updateMany({
        where: { executionId, status: 'running' },
        data: { status: 'failed', finishedAt: completedAt },
      });
      const events: NewEvent[] = [
        {
          kind: 'status',
          data: { status: ending.status, errorCode: error?.code ?? null, error: error?.message ?? null },
        },
        { kind: 'end', data: { status: ending.status } },
      ];
      await appendEvents(tx, executionId, events, completedAt);
      await tx.execution.update({
        where: { id: executionId },
        data: {
          ...final,
          claimedBy: null,
          trace: trace as Prisma.InputJsonValue,
          contentHash: Uint8Array.from(contentHashOf({ ...row, ...final })),
        },
      });
      // Not through Prisma, which would move `updated_at`: a run changes nothing of the skill that a person edits.
      await tx.$executeRaw`
        UPDATE skills SET run_count = run_count + 1, last_run_at = ${completedAt} WHERE id = ${row.skillId}::uuid`;
      return true;
    },
    { timeoutMs: 120_000 },
  );
}
