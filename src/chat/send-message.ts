import type { NewMessage, SentMessage } from '../contract/chat.ts';
import type { Database, Transaction } from '../database/client.ts';
import { storableText } from '../database/storable.ts';
import type { StartDeps } from '../executions/start-execution.ts';
import { AlfredError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import { type CheckedAttachment, checkAttachments } from './check-attachments.ts';
import { type ConversationRow, holdConversation } from './find-conversation.ts';
import { keptAttachments } from './kept-attachments.ts';
import { isDuplicateClientId, titleOf } from './message-words.ts';
import { startTurn } from './start-turn.ts';

export type MessageRequest = NewMessage & { actor: string };

/**
 * Says something in a conversation: the message, its answer (empty yet), the execution that answers and, when no turn before
 * it is open, its job, are committed together or not at all.
 *
 * @throws AlfredError E_NOT_FOUND; E_VALIDATION for attachments, and for messages that are not the conversation's; E_STOPPED
 *   after stop-all; E_ROW_ALTERED; E_CONFLICT where the owner's own skill has the slug of the system's
 */
export async function sendMessage(
  deps: StartDeps & { db: Database },
  conversationId: string,
  request: MessageRequest,
): Promise<SentMessage> {
  const { db, vault } = deps;
  await vault.upToDate();
  const text = storableText(vault.redactor.text(request.text));
  const attachments = checkAttachments(request.attachments ?? [], vault.redactor);
  try {
    return await db.transaction(
      async (tx) => {
        const conversation = await holdConversation(tx, conversationId);
        const before = await sentBefore(tx, conversationId, request.clientId);
        if (before) return before;
        rowGuardOf(tx).check('conversations', conversation);
        const kept = await keptAttachments(tx, conversationId, request.attachmentIds ?? [], attachments);
        return request.retryOf === undefined
          ? await say(deps, tx, conversation, { ...request, text, attachments: [...kept, ...attachments] })
          : await answerAgain(deps, tx, conversation, { ...request, retryOf: request.retryOf });
      },
      { timeoutMs: 60_000 },
    );
  } catch (error) {
    // Sent twice at once: the one that came first stands.
    if (!isDuplicateClientId(error)) throw error;
    const first = await sentBefore(db.prisma, conversationId, request.clientId);
    if (first) return first;
    throw error;
  }
}

/** What a message of this client's id led to, when it was sent before. */
async function sentBefore(
  tx: Pick<Transaction, 'message'>,
  conversationId: string,
  clientId: string | undefined,
): Promise<SentMessage | undefined> {
  if (clientId === undefined) return undefined;
  const first = await tx.message.findFirst({ where: { conversationId, clientId } });
  if (first === null) return undefined;
  const answer = await tx.message.findFirstOrThrow({
    where: { executionId: first.executionId, role: 'assistant' },
  });
  const messageId = first.role === 'user' ? first.id : (first.parentId ?? first.id);
  return { messageId, answerId: answer.id, executionId: first.executionId };
}

type Saying = Pick<NewMessage, 'clientId' | 'parentId'> & {
  actor: string;
  text: string;
  attachments: readonly CheckedAttachment[];
};

async function say(
  deps: StartDeps,
  tx: Transaction,
  conversation: ConversationRow,
  { text, attachments, parentId = conversation.headId, clientId, actor }: Saying,
): Promise<SentMessage> {
  const conversationId = conversation.id;
  if (parentId !== null) await refuseWrongParent(tx, conversationId, parentId);
  const messageId = newId();
  const turn = await nextTurn(tx, conversationId);
  const sent = await startTurn(deps, tx, conversation, { messageId, message: text, attachments, actor });
  const createdAt = new Date();
  const message = { id: messageId, conversationId, turn, role: 'user', parentId, text, content: null };
  await tx.message.create({
    data: {
      id: messageId,
      conversationId,
      turn,
      role: 'user',
      parentId,
      text,
      createdAt,
      clientId: clientId ?? null,
      executionId: sent.executionId,
      finishedAt: createdAt,
      mac: rowGuardOf(tx).sign('messages', message),
    },
  });
  await tx.attachment.createMany({
    data: attachments.map(({ name, mediaType, data, sha256 }, number) => ({
      id: newId(),
      messageId,
      number,
      name,
      mediaType,
      bytes: data.length,
      sha256,
      data,
    })),
  });
  await insertAnswer(tx, conversation, { ...sent, turn, parentId: messageId });
  if (conversation.title === '') {
    await tx.conversation.update({
      where: { id: conversationId },
      data: { title: titleOf(text, attachments) },
    });
  }
  return sent;
}

/** Another answer to the message that one answers: a branch. */
async function answerAgain(
  deps: StartDeps,
  tx: Transaction,
  conversation: ConversationRow,
  { retryOf, clientId, actor }: { retryOf: string; clientId?: string | undefined; actor: string },
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
  const turn = await nextTurn(tx, conversationId);
  const attachments = asked.attachments.map(({ name, mediaType, data, sha256 }) => ({
    name,
    mediaType,
    data: Buffer.from(data ?? []),
    sha256: Uint8Array.from(sha256),
  }));
  const about = { messageId: asked.id, message: asked.text, attachments, actor };
  const sent = await startTurn(deps, tx, conversation, about);
  await insertAnswer(tx, conversation, { ...sent, turn, parentId: asked.id, clientId });
  return sent;
}

/** The answer's row, empty until its execution ends; the branch that is shown ends in it. */
async function insertAnswer(
  tx: Transaction,
  { id: conversationId }: ConversationRow,
  answer: SentMessage & { turn: number; parentId: string; clientId?: string | undefined },
): Promise<void> {
  const { answerId, executionId, turn, parentId, clientId } = answer;
  const row = { id: answerId, conversationId, turn, role: 'assistant', parentId, text: '', content: null };
  const mac = rowGuardOf(tx).sign('messages', row);
  await tx.message.create({
    data: {
      id: answerId,
      conversationId,
      turn,
      role: 'assistant',
      parentId,
      executionId,
      mac,
      clientId: clientId ?? null,
    },
  });
  await tx.conversation.update({
    where: { id: conversationId },
    data: { headId: answerId, updatedAt: new Date(), archivedAt: null },
  });
}

async function nextTurn(tx: Transaction, conversationId: string): Promise<number> {
  const { _max } = await tx.message.aggregate({ where: { conversationId }, _max: { turn: true } });
  return (_max.turn ?? 0) + 1;
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
