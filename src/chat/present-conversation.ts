/** Conversations as they are shown: with what they came to, and whether one is under way. */
import { readCatalog } from '../connections/tools/catalog.ts';
import type { Conversation } from '../contract/chat.ts';
import type { Transaction } from '../database/client.ts';
import type { ConversationRow } from './find-conversation.ts';
import { usableTools } from './usable-tools.ts';

type Standing = { id: string; cost: string | null; isUnpriced: boolean | null; status: string | null };

/** In the order of `rows`. */
export async function presentConversations(
  tx: Transaction,
  rows: readonly ConversationRow[],
): Promise<Conversation[]> {
  if (rows.length === 0) return [];
  const standings = new Map((await readStandings(tx, rows)).map((one) => [one.id, one]));
  const catalog = await readCatalog(tx);
  return rows.map((row) => {
    const { free, asks } = usableTools(row, catalog);
    const standing = standings.get(row.id);
    return {
      id: row.id,
      title: row.title,
      // What the owner named stays named, also while it is not there to be used.
      tools: row.hasOwnTools ? row.tools : free,
      asks,
      hasOwnTools: row.hasOwnTools,
      unasked: row.unasked,
      model: row.model,
      effort: row.effort as Conversation['effort'],
      headId: row.headId,
      costUsd: standing?.isUnpriced === true ? null : Number(standing?.cost ?? 0),
      status: (standing?.status ?? 'idle') as Conversation['status'],
      archivedAt: row.archivedAt?.toISOString() ?? null,
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
    };
  });
}

/** What the turns of each came to, and how the one under way stands. */
const readStandings = (tx: Transaction, rows: readonly ConversationRow[]): Promise<Standing[]> =>
  tx.$queryRaw<Standing[]>`
    SELECT m.conversation_id::text AS id, sum(e.cost_usd)::text AS cost,
      bool_or(e.completed_at IS NOT NULL AND e.cost_usd IS NULL) AS "isUnpriced",
      (array_agg(e.status::text ORDER BY m.turn) FILTER (WHERE e.completed_at IS NULL))[1] AS status
    FROM messages m JOIN executions e ON e.id = m.execution_id
    WHERE m.role = 'assistant' AND m.conversation_id = ANY(${rows.map(({ id }) => id)}::uuid[])
    GROUP BY m.conversation_id`;
