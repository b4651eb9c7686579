/** Says something in a conversation of which all was read before: in few statements, each prepared once. */
import type { NewMessage, SentMessage } from '../contract/chat.ts';
import { againAfterConflict } from '../database/again-after-conflict.ts';
import { type Ask, askPg } from '../database/ask.ts';
import { inTransaction } from '../database/in-transaction.ts';
import { insertExecutions } from '../executions/insert-execution.ts';
import type { StartDeps } from '../executions/start-execution.ts';
import { beginStarts, stopRefusals } from '../executions/stop-state.ts';
import { timeNow } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import type { Row } from './message-content.ts';
import { planTurn } from './start-turn.ts';
import { type Ahead, isAsRead } from './turn-ahead.ts';
import { answerRow, type NextTurn, questionRow } from './write-turn.ts';

type Saying = Pick<NextTurn, 'executionId' | 'actor' | 'skill' | 'heldBy'> &
  Pick<NewMessage, 'clientId'> & { text: string };

export type SaidAhead = {
  sent: SentMessage;
  asked: Row;
  /** Whether what the turn begins with is still as it was read. */
  isAsRead: Promise<boolean>;
};

/**
 * Writes down the message, its answer and the execution that answers, as `sendMessage` does, behind the last answer.
 *
 * @returns undefined, with nothing written, where the conversation is not as it was read
 * @throws AlfredError E_STOPPED after stop-all; E_CONFLICT where the owner's own skill has the slug of the system's
 */
export const sayAhead = (
  deps: StartDeps,
  ahead: Ahead,
  { text, clientId, ...next }: Saying,
): Promise<SaidAhead | undefined> =>
  againAfterConflict(() =>
    inTransaction(
      deps.db.pool,
      async (client) => {
        const ask = askPg(client);
        const { conversation } = ahead.before;
        const [held] = await ask<{ row: string }>(holding, [conversation.id]);
        if (held?.row !== ahead.row) return undefined;
        // Of the moment in which the turn begins; meanwhile it is written down.
        const asRead = isAsRead(deps.db, ahead).catch(() => false);
        const about = { ...next, messageId: newId(), message: text, attachments: [], isBehindAnother: false };
        const { run, sent } = planTurn(deps, conversation, about);
        const [refusal] = (await stopRefusals({ ask, db: deps.db.prisma }, [run])).values();
        if (refusal !== undefined) throw refusal;
        const guard = rowGuardOf(deps.db.prisma);
        await insertExecutions({ queue: deps.queue, ask, guard }, [run]);
        const { turn } = ahead;
        const parentId = conversation.headId;
        const asked = questionRow(guard, conversation, { ...sent, turn, parentId, text, clientId });
        const answer = answerRow(guard, conversation, { ...sent, turn, parentId: sent.messageId });
        await insertMessages(ask, conversation.id, [asked, { ...answer, text: '' }]);
        return {
          sent,
          asked: { ...asked, content: null, takenBackAt: null, attachments: [] },
          isAsRead: asRead,
        };
      },
      beginStarts,
    ),
  );

const holding = {
  name: 'hold conversation',
  text: 'SELECT to_jsonb(c)::text AS row FROM conversations c WHERE id = $1::uuid FOR UPDATE',
};

const inserting = {
  name: 'insert messages',
  text: `
    WITH said AS (
      INSERT INTO messages (id, conversation_id, turn, role, parent_id, text, client_id, execution_id, created_at, finished_at, mac)
      SELECT id, "conversationId", turn, role, "parentId", text, "clientId", "executionId", coalesce("createdAt", $3::timestamptz),
        "finishedAt", decode(mac, 'hex')
      FROM json_to_recordset($1::text::json) AS message (
        id uuid, "conversationId" uuid, turn int, role text, "parentId" uuid, text text, "clientId" text, "executionId" uuid,
        "createdAt" timestamptz, "finishedAt" timestamptz, mac text)
    )
    -- The branch that is shown ends in the answer.
    UPDATE conversations SET head_id = $4::uuid, updated_at = $3::timestamptz, archived_at = NULL WHERE id = $2::uuid`,
};

/** The last of them is the answer. */
async function insertMessages(
  ask: Ask,
  conversationId: string,
  rows: readonly (Pick<Row, 'id' | 'text'> & { mac: Uint8Array })[],
): Promise<void> {
  const texts = rows.map(({ mac, ...row }) => ({ ...row, mac: Buffer.from(mac).toString('hex') }));
  await ask(inserting, [JSON.stringify(texts), conversationId, timeNow(), rows.at(-1)?.id]);
}
