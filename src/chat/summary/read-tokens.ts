import type { Transaction } from '../../database/client.ts';

/**
 * What the last request of an execution came to, in tokens, as the endpoint counted them (not its answer: that is counted
 * when it ends, and the agent says it when it begins). Undefined when it counted nothing, or the record of it was dropped.
 */
export async function readTokens(
  tx: Pick<Transaction, '$queryRaw'>,
  executionId: string,
): Promise<number | undefined> {
  const [row] = await tx.$queryRaw<{ tokens: number | null }[]>`
    SELECT (coalesce((u ->> 'input_tokens')::int, 0) + coalesce((u ->> 'cache_read_input_tokens')::int, 0)
      + coalesce((u ->> 'cache_creation_input_tokens')::int, 0)) AS tokens
    FROM (
      SELECT data -> 'message' -> 'usage' AS u FROM all_events
      WHERE execution_id = ${executionId}::uuid AND kind = 'message' AND data ->> 'type' = 'assistant'
      ORDER BY seq DESC LIMIT 1) last`;
  return row?.tokens == null || row.tokens === 0 ? undefined : row.tokens;
}
