import type { Conversation, ConversationQuery } from '../contract/chat.ts';
import type { Database } from '../database/client.ts';
import { cutPage } from '../database/pages.ts';
import { beforeAll, cursorOf, placeOf } from '../executions/execution-cursor.ts';
import { presentConversations } from './present-conversation.ts';

/** What is searched of a title and of messages: all of these words. */
const longestSearch = 50;

/**
 * A page of conversations, the latest activity first.
 *
 * @throws AlfredError E_VALIDATION for a cursor that no page gave
 */
export async function listConversations(
  { db }: { db: Database },
  { limit, cursor, q, archived }: ConversationQuery,
): Promise<{ items: Conversation[]; nextCursor: string | null }> {
  // A conversation that was used since its page was read has moved up: it is seen again, and none is missed.
  const before = cursor === undefined ? beforeAll : placeOf(cursor);
  const words = (q ?? '').trim().split(/\s+/).slice(0, longestSearch).join(' ');
  const { rows } = await db.pool.query<{ id: string; at: Date }>(
    `SELECT id::text, updated_at AS at FROM conversations c
     WHERE deleted_at IS NULL AND (archived_at IS NOT NULL) = $1 AND (updated_at, id) < ($2, $3::uuid)
       ${
         words === ''
           ? ''
           : `AND (to_tsvector('simple', title) @@ websearch_to_tsquery('simple', $5) OR title ILIKE '%' || $6 || '%' OR EXISTS (
                SELECT FROM messages m WHERE m.conversation_id = c.id AND m.taken_back_at IS NULL
                  AND to_tsvector('pg_catalog.simple'::regconfig, left(m.text, 50000)) @@ websearch_to_tsquery('simple', $5)))`
       }
     ORDER BY updated_at DESC, id DESC LIMIT $4`,
    [
      archived,
      before.createdAt,
      before.id,
      limit + 1,
      ...(words === '' ? [] : [words, words.replaceAll(/[\\%_]/g, '\\$&')]),
    ],
  );
  const { page, nextCursor } = cutPage(rows, limit, ({ at, id }) => cursorOf({ createdAt: at, id }));
  const found = await db.prisma.conversation.findMany({ where: { id: { in: page.map(({ id }) => id) } } });
  const byId = new Map(found.map((row) => [row.id, row]));
  return {
    items: await presentConversations(
      db.prisma,
      page.flatMap(({ id }) => byId.get(id) ?? []),
    ),
    nextCursor,
  };
}
