/** A tool call with its row: written before the call is sent and again after it, whatever comes of it. */

import { callsHashOf } from '../../audit/execution-record.ts';
import { recordAudit, systemActor } from '../../audit/record-audit.ts';
import type { PinnedTool } from '../../contract/connections.ts';
import type { Database, Prisma, Transaction } from '../../database/client.ts';
import { storableJson, storableText } from '../../database/storable.ts';
import { timeNow } from '../../kernel/clock.ts';
import { AlfredError, messageOf } from '../../kernel/errors.ts';
import { hashOf } from '../../kernel/hash.ts';
import { newId } from '../../kernel/ids.ts';
import { recordSecretUses } from '../../secrets/record-secret-uses.ts';
import type { Vault } from '../../vault/vault.ts';
import type { CallToolResult } from '../pool/link.ts';
import type { ConnectionDeps, ConnectionPool } from '../pool/pool.ts';
import { boundResult } from './bound-result.ts';
import { sizeOf } from './size-of.ts';

type ToolCallOrigin = {
  executionId: string;
  stepId: number;
  attempt: number;
  toolUseId: string | undefined;
};

export type RecordedCall = {
  connection: string;
  tool: string;
  args: Record<string, unknown>;
  annotations: PinnedTool['annotations'];
  /** The run it belongs to; none for a call by hand. */
  origin?: ToolCallOrigin;
  /** Who calls by hand. */
  actor?: string;
  signal?: AbortSignal | undefined;
  timeoutMs?: number | undefined;
  /** Asked just before the call is sent; what it throws keeps it from being sent. */
  mayDispatch?: () => Promise<void>;
  /** Told of every status, after its row says so. */
  onStatus?: (change: ToolCallChange) => void;
};

/** A call as it has come along: each status, with what is known by then. */
export type ToolCallChange = {
  id: string;
  status: 'intended' | 'dispatched' | 'done' | 'failed' | 'denied';
  toolUseId?: string;
  readOnly?: boolean;
  /** Redacted. */
  arguments?: unknown;
  error?: string;
  /** The run that it started. */
  executionId?: string;
  /** The start of the result on one line, redacted. */
  preview?: string;
  durationMs?: number;
};

/** What a row keeps of arguments and of a result, in characters of JSON. */
export const maxKept = 65_536;
const previewLength = 200;

export type CallDeps = Pick<ConnectionDeps, 'db' | 'vault'> & { pool: Pick<ConnectionPool, 'call'> };

/**
 * Calls a tool.
 *
 * @returns the result, redacted, and `kept`: what of it stands in the row, in blocks of `result` where they are whole
 * @throws AlfredError as ConnectionPool.call does
 */
export async function recordedCall(
  deps: CallDeps,
  call: RecordedCall,
): Promise<{ id: string; result: CallToolResult; kept: CallToolResult; durationMs: number }> {
  const { db, vault, pool } = deps;
  const id = await recordIntention(deps, call);
  const note = async (data: Prisma.ToolCallUpdateManyMutationInput) => {
    // One whose run has ended meanwhile is on record as unknown, and stays so.
    await db.prisma.toolCall.updateMany({ where: { id, status: { in: ['intended', 'dispatched'] } }, data });
  };
  const noteEnd = (data: Prisma.ToolCallUpdateManyMutationInput) =>
    call.origin ? note(data) : endCallByHand(db, id, data, call.actor ?? systemActor);
  const start = performance.now();
  const elapsed = () => Math.round(performance.now() - start);
  try {
    const raw = await pool.call(call.connection, call.tool, call.args, {
      signal: call.signal,
      timeoutMs: call.timeoutMs,
      onDispatch: async (uses) => {
        await call.mayDispatch?.();
        const { executionId, stepId } = call.origin ?? {};
        await recordSecretUses(db, { ...uses, executionId, stepId });
        await note({ status: 'dispatched', dispatchedAt: timeNow() });
        call.onStatus?.({ id, status: 'dispatched' });
      },
      onRun: (executionId) => call.onStatus?.({ id, status: 'dispatched', executionId }),
    });
    const durationMs = elapsed();
    const result = vault.redactor.value(raw);
    const kept = boundResult(result, maxKept);
    const status = result.isError === true ? 'failed' : 'done';
    const error =
      result.isError === true ? { error: textOf(result, 2_000) || 'The tool reported an error.' } : {};
    await noteEnd({
      status,
      finishedAt: timeNow(),
      result: storableJson(kept) as Prisma.InputJsonValue,
      ...error,
    });
    call.onStatus?.({ id, status, ...error, preview: previewOf(result), durationMs });
    return { id, result, kept, durationMs };
  } catch (thrown) {
    const error = storableText(vault.redactor.text(messageOf(thrown)));
    await noteEnd({ status: 'failed', finishedAt: timeNow(), error });
    call.onStatus?.({ id, status: 'failed', error, durationMs: elapsed() });
    throw thrown;
  }
}

/** A call by hand belongs to no run, whose end would take it into the audit chain: it is on record by itself. */
const endCallByHand = (
  db: Database,
  id: string,
  data: Prisma.ToolCallUpdateManyMutationInput,
  actor: string,
): Promise<void> =>
  db.transaction(async (tx) => {
    const row = await tx.toolCall.update({ where: { id }, data });
    const { connection, tool, status } = row;
    const callsHash = callsHashOf([row]).toString('hex');
    await recordAudit(tx, {
      action: 'connection.tool_called',
      actor,
      subject: id,
      data: { connection, tool, status, callsHash },
    });
  });

/** Writes down a call that was refused and never sent. */
export async function recordDenied(
  deps: Omit<CallDeps, 'pool'>,
  call: RecordedCall,
  why: string,
): Promise<void> {
  const id = await recordIntention(deps, call);
  await deps.db.prisma.toolCall.updateMany({
    where: { id, status: 'intended' },
    data: { status: 'denied', finishedAt: timeNow(), error: storableText(why) },
  });
  call.onStatus?.({ id, status: 'denied', error: why });
}

/**
 * Writes down that a call is about to be made.
 *
 * @throws AlfredError E_CANCELLED when its run has ended: what belongs to a finished run stays as it is
 */
export async function recordIntention(
  { db, vault }: Omit<CallDeps, 'pool'>,
  call: RecordedCall,
): Promise<string> {
  await vault.upToDate();
  const id = newId();
  const kept = keptArguments(vault, call.args);
  const { origin } = call;
  const create = async (tx: Transaction) => {
    await tx.toolCall.create({
      data: {
        id,
        createdAt: timeNow(),
        ...(origin === undefined ? {} : { ...origin, toolUseId: origin.toolUseId ?? null }),
        connection: storableText(call.connection).slice(0, 200),
        tool: storableText(call.tool).slice(0, 200),
        arguments: kept,
        argumentsHash: Uint8Array.from(hashOf(call.args)),
        ...hintsOf(call.annotations),
      },
    });
  };
  if (origin === undefined) await create(db.prisma);
  else {
    await db.transaction(async (tx) => {
      // Waits for whoever is just ending the run, and sees the end.
      const [run] = await tx.$queryRaw<{ ended: boolean }[]>`
        SELECT completed_at IS NOT NULL AS ended FROM executions WHERE id = ${origin.executionId}::uuid FOR KEY SHARE`;
      if (run?.ended) throw new AlfredError('E_CANCELLED', 'The run has ended: no call is added to it.');
      await create(tx);
    });
  }
  call.onStatus?.({
    id,
    status: 'intended',
    ...(origin?.toolUseId === undefined ? {} : { toolUseId: origin.toolUseId }),
    readOnly: hintsOf(call.annotations).readOnly,
    arguments: kept,
  });
  return id;
}

/** What the server says of a tool: hints, and so no by default. */
const hintsOf = (annotations: PinnedTool['annotations']) => ({
  readOnly: annotations?.readOnlyHint === true,
  idempotent: annotations?.idempotentHint === true || annotations?.readOnlyHint === true,
});

function keptArguments(vault: Vault, args: Record<string, unknown>): Prisma.InputJsonValue {
  const kept = storableJson(vault.redactor.value(args));
  const size = sizeOf(kept);
  return (size <= maxKept ? kept : { cut: `arguments of about ${size} characters` }) as Prisma.InputJsonValue;
}

/** The start of a result's first text, storable. */
export const textOf = (result: CallToolResult, length: number): string => {
  const block = result.content.find((one) => one.type === 'text');
  return storableText(block?.type === 'text' ? block.text : '').slice(0, length);
};

/** The start of a result, on one line. */
export const previewOf = (result: CallToolResult): string =>
  textOf(result, previewLength).replace(/\s+/g, ' ').trim();
