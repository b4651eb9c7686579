import type { ToolCallResult } from '../contract/connections.ts';
import { assertMayOpen } from './config/approval.ts';
import { findRow } from './connection-row.ts';
import type { ConnectionDeps, ConnectionPool } from './pool/pool.ts';
import { recordedCall } from './tools/recorded-call.ts';

export type HandCallOptions = { actor: string; signal?: AbortSignal; timeoutMs?: number };

/**
 * Calls one tool by hand. It has a row of its own, as the calls of a run have.
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
  const connection = await findRow(deps.db.prisma, name);
  assertMayOpen(connection);
  const { annotations } = connection.toolCatalog.find((one) => one.name === tool) ?? {};
  const { result, durationMs } = await recordedCall(deps, {
    connection: name,
    tool,
    args,
    annotations,
    signal,
    timeoutMs,
    actor,
  });
  deps.log.info({ connection: name, tool, actor, durationMs }, 'tool called by hand');
  return {
    content: result.content,
    ...(result.structuredContent === undefined ? {} : { structuredContent: result.structuredContent }),
    isError: result.isError === true,
    durationMs,
  };
}
