/**
 * What the next turn of a conversation begins with, read and proved before there is one: while its agent is kept, the message is
 * waited for with everything in hand. When it comes, one statement says whether the rows are still the same, letter by letter;
 * the same rows need no second proof, and where one is another all is read and proved anew.
 */
import { rowsOf } from '../config/read-config.ts';
import { askPg } from '../database/ask.ts';
import type { Database } from '../database/client.ts';
import { teachSlug } from '../skills/system/teach-new-skill.ts';
import { type Before, readBefore, turnSettings } from './read-turn.ts';

export type Ahead = {
  before: Before;
  /** The number of the turn that is next. */
  turn: number;
  /** The conversation's row, as the database writes it. */
  row: string;
  /** SHA-256 of all other rows that were read. */
  digest: string;
};

type Look = { row: string; headId: string | null; turn: number; isOpen: boolean; digest: string };

/** What a skill's runs count, and a connection's checks write down, is nothing that a turn begins with. */
const looking = {
  name: 'look ahead',
  text: `
    SELECT to_jsonb(c)::text AS row, c.head_id::text AS "headId",
      (SELECT coalesce(max(turn), 0) + 1 FROM messages WHERE conversation_id = c.id) AS turn,
      EXISTS (
        SELECT FROM messages m JOIN executions e ON e.id = m.execution_id
        WHERE m.conversation_id = c.id AND e.completed_at IS NULL AND ($2::int IS NULL OR m.turn < $2::int)
      ) AS "isOpen",
      encode(sha256(convert_to(json_build_array(
        (SELECT json_agg(to_jsonb(m) ORDER BY id) FROM messages m
         WHERE conversation_id = c.id AND ($2::int IS NULL OR turn < $2::int)),
        (SELECT json_agg(to_jsonb(s) ORDER BY id) FROM conversation_summaries s WHERE conversation_id = c.id),
        (SELECT json_agg(json_build_array(slug, name, trigger_config, input_schema, is_system) ORDER BY slug)
         FROM skills WHERE is_active),
        (SELECT to_jsonb(s) - '{run_count,last_run_at,next_run_at,skipped_count,last_skipped_at}'::text[]
         FROM skills s WHERE slug = $3),
        (SELECT json_agg(to_jsonb(o) - '{last_used_at,last_checked_at,updated_at}'::text[] ORDER BY name)
         FROM connections o),
        (SELECT json_agg(json_build_array(key, value) ORDER BY key) FROM config WHERE key = ANY($4::text[]))
      )::text, 'UTF8')), 'hex') AS digest
    FROM conversations c WHERE c.id = $1::uuid`,
};

/** @param before of messages, those of turns before this one; of all, when left out */
async function look({ pool }: Database, conversationId: string, before?: number): Promise<Look | undefined> {
  const [found] = await askPg(pool)<Look>(looking, [
    conversationId,
    before ?? null,
    teachSlug,
    rowsOf(turnSettings),
  ]);
  return found;
}

/**
 * @returns undefined where there is no next turn to be told of: an answer is under way, or something changed meanwhile
 * @throws AlfredError E_ROW_ALTERED when somebody else changed what was said, or what may be used
 */
export async function readAhead(db: Database, conversationId: string): Promise<Ahead | undefined> {
  const first = await look(db, conversationId);
  if (first === undefined || first.isOpen || first.headId === null) return undefined;
  const before = await readBefore(db.prisma, { conversationId, messageId: first.headId });
  const second = await look(db, conversationId);
  // What was read between two readings of the same is what these say.
  const isSame = second !== undefined && !second.isOpen && second.row === first.row;
  if (!isSame || second.digest !== first.digest) return undefined;
  return { before, turn: first.turn, row: first.row, digest: first.digest };
}

/** Whether all that was read, but for the conversation's own row, is as it was. */
export async function isAsRead(db: Database, { before, turn, digest }: Ahead): Promise<boolean> {
  return (await look(db, before.conversation.id, turn))?.digest === digest;
}
