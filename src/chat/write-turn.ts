/** Writes a turn down: the message, its answer (empty yet) and the execution that answers, within the transaction of the sending. */

import type { NewMessage, SentMessage } from '../contract/chat.ts';
import type { Transaction } from '../database/client.ts';
import type { Startable } from '../executions/read-startable.ts';
import type { StartDeps } from '../executions/start-execution.ts';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { type RowGuard, rowGuardOf } from '../vault/row-guard.ts';
import type { CheckedAttachment } from './check-attachments.ts';
import type { ConversationRow } from './find-conversation.ts';
import { titleOf } from './message-words.ts';
import { startTurn } from './start-turn.ts';

/** What is known of a turn before it is written down. */
export type NextTurn = {
  executionId: string;
  actor: string;
  turn: number;
  skill: Startable | undefined;
  isBehindAnother: boolean;
  heldBy: string | undefined;
};

type Saying = NextTurn &
  Pick<NewMessage, 'clientId' | 'parentId'> & { text: string; attachments: readonly CheckedAttachment[] };

/** Something new is said. */
export async function say(
  deps: StartDeps,
  tx: Transaction,
  conversation: ConversationRow,
  { text, attachments, parentId = conversation.headId, clientId, turn, ...next }: Saying,
): Promise<SentMessage> {
  const conversationId = conversation.id;
  if (parentId !== null && parentId !== conversation.headId)
    await refuseWrongParent(tx, conversationId, parentId);
  const messageId = newId();
  const sent = await startTurn(deps, tx, conversation, { ...next, messageId, message: text, attachments });
  const asked = questionRow(rowGuardOf(tx), conversation, { ...sent, turn, parentId, text, clientId });
  const { createdAt } = asked;
  const answer = answerRow(rowGuardOf(tx), conversation, { ...sent, turn, parentId: messageId });
  await tx.message.createMany({ data: [asked, answer] });
  if (attachments.length > 0) {
    await tx.attachment.createMany({
      data: attachments.map(({ name, mediaType, data, sha256 }, number) => ({
        id: newId(),
        messageId,
        createdAt,
        number,
        name,
        mediaType,
        bytes: data.length,
        sha256,
        data,
      })),
    });
  }
  await showAnswer(
    tx,
    conversation,
    sent,
    conversation.title === '' ? titleOf(text, attachments) : undefined,
  );
  return sent;
}

/** Another answer to the message that one answers: a branch. */
export async function answerAgain(
  deps: StartDeps,
  tx: Transaction,
  conversation: ConversationRow,
  { retryOf, clientId, turn, ...next }: NextTurn & { retryOf: string; clientId?: string | undefined },
): Promise<SentMessage> {
  const conversationId = conversation.id;
  const answer = await tx.message.findFirst({ where: { id: retryOf, conversationId, role: 'assistant' } });
  const asked = answer?.parentId
    ? await tx.message.findUnique({
        where: { id: answer.parentId },
        include: { attachments: { orderBy: { number: 'asc' } }, execution: { select: { purgedAt: true } } },
      })
    : null;
  if (asked === null || asked.takenBackAt !== null || asked.execution.purgedAt !== null)
    throw wrong('/retryOf', 'is no answer of this conversation that can be tried again');
  rowGuardOf(tx).check('messages', asked);
  const attachments = asked.attachments.map(({ name, mediaType, data, sha256 }) => ({
    name,
    mediaType,
    data: Buffer.from(data ?? []),
    sha256: Uint8Array.from(sha256),
  }));
  const about = { ...next, messageId: asked.id, message: asked.text, attachments };
  const sent = await startTurn(deps, tx, conversation, about);
  const row = answerRow(rowGuardOf(tx), conversation, {
    ...sent,
    turn,
    parentId: asked.id,
    clientId,
  });
  await tx.message.createMany({ data: [row] });
  await showAnswer(tx, conversation, sent);
  return sent;
}

/** The row of what is said. */
export function questionRow(
  guard: RowGuard,
  { id: conversationId }: ConversationRow,
  {
    messageId: id,
    executionId,
    turn,
    parentId,
    text,
    clientId = null,
  }: SentMessage &
    Pick<NextTurn, 'turn'> & { parentId: string | null; text: string; clientId?: string | null | undefined },
) {
  const createdAt = timeNow();
  const signed = { id, conversationId, turn, role: 'user', parentId, text, content: null };
  const mac = guard.sign('messages', signed);
  const { content: _none, ...row } = signed;
  return { ...row, createdAt, clientId, executionId, finishedAt: createdAt, mac };
}

/** The answer's row, empty until its execution ends. */
export function answerRow(
  guard: RowGuard,
  { id: conversationId }: ConversationRow,
  answer: SentMessage & { turn: number; parentId: string; clientId?: string | undefined },
) {
  const { answerId, executionId, turn, parentId, clientId } = answer;
  const row = { id: answerId, conversationId, turn, role: 'assistant', parentId, text: '', content: null };
  const mac = guard.sign('messages', row);
  return {
    id: answerId,
    conversationId,
    turn,
    role: 'assistant',
    parentId,
    executionId,
    mac,
    clientId: clientId ?? null,
  };
}

/** The branch that is shown ends in it. */
async function showAnswer(
  tx: Transaction,
  { id }: ConversationRow,
  { answerId }: SentMessage,
  title?: string,
): Promise<void> {
  await tx.conversation.update({
    where: { id },
    data: {
      headId: answerId,
      updatedAt: timeNow(),
      archivedAt: null,
      ...(title === undefined ? {} : { title }),
    },
  });
}

/** Its number, and whether a turn before it has not ended. */
export async function nextTurn(
  tx: Transaction,
  conversationId: string,
): Promise<{ turn: number; isBehindAnother: boolean }> {
  const [next] = await tx.$queryRaw<{ turn: number; isBehindAnother: boolean }[]>`
    SELECT coalesce(max(m.turn), 0) + 1 AS turn, coalesce(bool_or(e.completed_at IS NULL), false) AS "isBehindAnother"
    FROM messages m JOIN executions e ON e.id = m.execution_id
    WHERE m.conversation_id = ${conversationId}::uuid`;
  return next ?? { turn: 1, isBehindAnother: false };
}

const wrong = (field: string, message: string): AlfredError =>
  new AlfredError('E_VALIDATION', `The message names another that ${message}.`, {
    fields: [{ field, message }],
  });

/** A message of the owner's follows an answer. */
async function refuseWrongParent(tx: Transaction, conversationId: string, id: string): Promise<void> {
  const parent = await tx.message.findFirst({ where: { id, conversationId, role: 'assistant' } });
  if (parent === null) throw wrong('/parentId', 'is no answer of this conversation');
}
