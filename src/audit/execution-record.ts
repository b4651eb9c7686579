/**
 * What of a finished execution goes into the chain: hashes over its row, its steps and its tool calls. Payloads (input,
 * output, trace, a step's output, a call's arguments and result) are in them as their hashes, so that dropping a payload
 * changes none of it.
 */
import type { Prisma, Transaction } from '../database/client.ts';
import { hashOf, sha256 } from '../kernel/hash.ts';

type ExecutionRow = Prisma.ExecutionGetPayload<Record<string, never>>;
type StepRow = Prisma.ExecutionStepGetPayload<Record<string, never>>;
type ToolCallRow = Prisma.ToolCallGetPayload<Record<string, never>>;

const hex = (bytes: Uint8Array | null) => (bytes ? Buffer.from(bytes).toString('hex') : null);
const time = (date: Date | null) => date?.toISOString() ?? null;

/** What an execution is at its end (docs/security.md, "What stands behind the events"). */
export const contentHashOf = (row: Omit<ExecutionRow, 'contentHash' | 'trace'>): Buffer =>
  hashOf({
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

/** The rest of the row that is final with it, and is no payload. */
export const detailHashOf = (
  row: Pick<
    ExecutionRow,
    'triggerDetail' | 'retryOf' | 'replayOf' | 'dedupeKey' | 'error' | 'cancelRequestedAt' | 'retries'
  >,
): Buffer =>
  hashOf({
    triggerDetail: row.triggerDetail,
    retryOf: row.retryOf,
    // Where it is, as of an execution from before replays there is none.
    ...(row.replayOf === null ? {} : { replayOf: row.replayOf }),
    dedupeKey: row.dedupeKey,
    error: row.error,
    cancelRequestedAt: time(row.cancelRequestedAt),
    retries: row.retries,
  });

export const stepPayloadHashOf = ({ output }: Pick<StepRow, 'output'>): string =>
  sha256(output ?? '').toString('hex');

export const callPayloadHashOf = (call: Pick<ToolCallRow, 'arguments' | 'result' | 'error'>): string =>
  hashOf({ arguments: call.arguments, result: call.result, error: call.error }).toString('hex');

/** Payload hashes that are known from the chain, by step and by call: of an execution whose payloads were dropped. */
export type KeptHashes = {
  steps: Readonly<Record<string, string>>;
  calls: Readonly<Record<string, string>>;
};

/** In the order of their ids. */
export const stepsHashOf = (steps: readonly StepRow[], kept?: KeptHashes): Buffer =>
  hashOf(
    steps
      .toSorted((a, b) => a.stepId - b.stepId)
      .map((step) => ({
        id: step.stepId,
        status: step.status,
        attempt: step.attempt,
        startedAt: time(step.startedAt),
        finishedAt: time(step.finishedAt),
        usage: step.usage,
        outputHash: kept ? (kept.steps[step.stepId] ?? null) : stepPayloadHashOf(step),
      })),
  );

/** In the order of their ids. */
export const callsHashOf = (calls: readonly ToolCallRow[], kept?: KeptHashes): Buffer =>
  hashOf(
    calls
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map((call) => ({
        id: call.id,
        stepId: call.stepId,
        attempt: call.attempt,
        toolUseId: call.toolUseId,
        connection: call.connection,
        tool: call.tool,
        argumentsHash: hex(call.argumentsHash),
        readOnly: call.readOnly,
        idempotent: call.idempotent,
        status: call.status,
        createdAt: time(call.createdAt),
        dispatchedAt: time(call.dispatchedAt),
        finishedAt: time(call.finishedAt),
        ...(call.answeredBy === null ? {} : { answeredBy: call.answeredBy }),
        payloadHash: kept ? (kept.calls[call.id] ?? null) : callPayloadHashOf(call),
      })),
  );

/**
 * Of the events of executions up to their last ones, computed where they are: SHA-256 over the SHA-256 of each event's
 * `[seq, at in milliseconds, step, kind, data]` in PostgreSQL's text form of jsonb, in order. Of those in one row (`ended_events`)
 * all, as none comes behind the end.
 */
export async function readEventsHashes(
  db: Pick<Transaction, '$queryRaw'>,
  executions: readonly { id: string; lastSeq: number }[],
): Promise<Map<string, string>> {
  const rows = await db.$queryRaw<{ id: string; hash: string }[]>`
    SELECT execution_id::text AS id, encode(sha256(string_agg(
      sha256(convert_to(jsonb_build_array(
        seq, (extract(epoch FROM e.at) * 1000)::bigint, e.step, e.kind, e.data)::text, 'UTF8')), ''::bytea ORDER BY seq)), 'hex') AS hash
    FROM all_events e
    JOIN unnest(${executions.map(({ id }) => id)}::uuid[], ${executions.map(({ lastSeq }) => lastSeq)}::int[])
      AS one (id, last_seq) ON execution_id = one.id
    LEFT JOIN ended_events ended USING (execution_id)
    WHERE seq <= greatest(one.last_seq,
      cardinality(ended.at), cardinality(ended.step), cardinality(ended.kind), cardinality(ended.data))
    GROUP BY execution_id`;
  return new Map(rows.map(({ id, hash }) => [id, hash]));
}

/** The payload of `execution.finished`. */
export const finishedDataOf = (
  row: Omit<ExecutionRow, 'trace'>,
  steps: readonly StepRow[],
  calls: readonly ToolCallRow[],
  events: { lastSeq: number; hash: string | null },
): Record<string, unknown> => ({
  status: row.status,
  skillId: row.skillId,
  contentHash: hex(row.contentHash),
  detailHash: hex(detailHashOf(row)),
  stepsHash: hex(stepsHashOf(steps)),
  callsHash: hex(callsHashOf(calls)),
  lastEvent: events.lastSeq,
  eventsHash: events.hash,
});
