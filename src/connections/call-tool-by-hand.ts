import type { PinnedTool, ToolCallResult } from '../contract/connections.ts';
import type { Prisma } from '../database/client.ts';
import { storableJson, storableText } from '../database/storable.ts';
import { messageOf } from '../kernel/errors.ts';
import { hashOf } from '../kernel/hash.ts';
import { newId } from '../kernel/ids.ts';
import type { Vault } from '../vault/vault.ts';
import { assertMayOpen } from './approval.ts';
import { boundResult, sizeOf } from './bound-result.ts';
import { findRow } from './connection-row.ts';
import type { CallToolResult } from './link.ts';
import type { ConnectionDeps, ConnectionPool } from './pool.ts';

export type HandCallOptions = { actor: string; signal?: AbortSignal; timeoutMs?: number };

/** What a row keeps of arguments and of a result, in characters of JSON. */
const maxKept = 65_536;

/**
 * Calls one tool by hand. A `tool_calls` row says so before the call is sent and again after it, whatever comes of it.
 *
 * @returns the result, redacted
 * @throws AlfredError as ConnectionPool.call does
 */
export async function callToolByHand(
  deps: ConnectionDeps & { pool: ConnectionPool },
  name: string,
  tool: string,
  args: Record<string, unknown>,
  { actor, signal, timeoutMs }: HandCallOptions,
): Promise<ToolCallResult> {
  const { db, vault, log, pool } = deps;
  const connection = await findRow(db.prisma, name);
  assertMayOpen(connection);
  const id = newId();
  await db.prisma.toolCall.create({
    data: {
      id,
      connection: name,
      tool: storableText(tool).slice(0, 200),
      arguments: keptArguments(vault, args),
      argumentsHash: Uint8Array.from(hashOf(args)),
      ...hintsOf(connection.toolCatalog.find((one) => one.name === tool)),
    },
  });
  const note = (data: Prisma.ToolCallUpdateInput) => db.prisma.toolCall.update({ where: { id }, data });
  const start = performance.now();
  try {
    const raw = await pool.call(name, tool, args, {
      signal,
      timeoutMs,
      onDispatch: async () => {
        await note({ status: 'dispatched', dispatchedAt: new Date() });
      },
    });
    const durationMs = Math.round(performance.now() - start);
    const result = vault.redactor.value(raw);
    await note({
      status: result.isError === true ? 'failed' : 'done',
      finishedAt: new Date(),
      result: storableJson(boundResult(result, maxKept)) as Prisma.InputJsonValue,
      ...(result.isError === true ? { error: firstText(result) } : {}),
    });
    log.info({ connection: name, tool, actor, durationMs }, 'tool called by hand');
    return {
      content: result.content,
      ...(result.structuredContent === undefined ? {} : { structuredContent: result.structuredContent }),
      isError: result.isError === true,
      durationMs,
    };
  } catch (error) {
    await note({
      status: 'failed',
      finishedAt: new Date(),
      error: storableText(vault.redactor.text(messageOf(error))),
    });
    throw error;
  }
}

/** What the server says of a tool: hints, and so no by default. */
const hintsOf = (tool: PinnedTool | undefined) => ({
  readOnly: tool?.annotations?.readOnlyHint === true,
  idempotent: tool?.annotations?.idempotentHint === true || tool?.annotations?.readOnlyHint === true,
});

function keptArguments(vault: Vault, args: Record<string, unknown>): Prisma.InputJsonValue {
  const kept = storableJson(vault.redactor.value(args));
  const size = sizeOf(kept);
  return (size <= maxKept ? kept : { cut: `arguments of about ${size} characters` }) as Prisma.InputJsonValue;
}

const firstText = (result: CallToolResult): string => {
  const block = result.content.find((one) => one.type === 'text');
  return storableText(block?.type === 'text' ? block.text : 'The tool reported an error.').slice(0, 2_000);
};
