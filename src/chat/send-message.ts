import type { NewMessage, SentMessage } from '../contract/chat.ts';
import type { Database, Transaction } from '../database/client.ts';
import { isDatabaseAway } from '../database/is-away.ts';
import { storableText } from '../database/storable.ts';
import { readStartable } from '../executions/read-startable.ts';
import type { StartDeps } from '../executions/start-execution.ts';
import { newId } from '../kernel/ids.ts';
import { chatSlug } from '../skills/system/chat.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import { checkAttachments } from './check-attachments.ts';
import { holdConversation } from './find-conversation.ts';
import { keptAttachments } from './kept-attachments.ts';
import { isDuplicateClientId } from './message-words.ts';
import { refuseUnknownCommand } from './refuse-unknown-command.ts';
import { sayAhead } from './say-ahead.ts';
import type { ExpectedTurn, ToldTurn, TurnsHere } from './turns-here.ts';
import { answerAgain, type NextTurn, nextTurn, say } from './write-turn.ts';

export type MessageRequest = NewMessage & { actor: string };

type SendDeps = StartDeps & { db: Database; turns?: TurnsHere };

/**
 * Says something in a conversation: the message, its answer (empty yet), the execution that answers and, when no turn before
 * it is open, its job, are committed together or not at all.
 *
 * @throws AlfredError E_NOT_FOUND; E_VALIDATION for attachments, for messages that are not the conversation's, and for a command that there is not; E_STOPPED
 *   after stop-all; E_ROW_ALTERED; E_CONFLICT where the owner's own skill has the slug of the system's
 */
export async function sendMessage(
  deps: SendDeps,
  conversationId: string,
  request: MessageRequest,
): Promise<SentMessage> {
  // Both at once: their person waits.
  const reading = readStartable(deps, chatSlug);
  const learning = deps.vault.upToDate();
  // They are awaited when the agent has been told.
  reading.catch(() => {});
  learning.catch(() => {});
  const known = wordsOf(deps, request);
  if (known.startsWith('/')) await refuseUnknownCommand(deps.db.prisma, known);
  const expected = expectTurn(deps, conversationId, { ...request, text: known });
  const executionId = newId();
  let isAnswered = false;
  try {
    await learning;
    // Where a secret in it was not known yet, the agent that was told it is ended by whoever takes it, and asks nobody.
    const text = wordsOf(deps, request);
    const skill = await reading;
    const given = { ...request, text, skill, executionId, heldBy: expected?.workerId };
    const told = await tellAhead(deps, expected, given);
    if (told !== undefined) {
      isAnswered = true;
      expected?.answer(executionId, told);
      return told.sent;
    }
    const committed = await commitMessage(deps, conversationId, given);
    ({ isAnswered } = committed);
    if (isAnswered) expected?.answer(executionId);
    return committed.sent;
  } catch (error) {
    if (isDatabaseAway(error)) expected?.giveBack(executionId);
    // Sent twice at once: the one that came first stands.
    if (!isDuplicateClientId(error)) throw error;
    const first = await sentBefore(deps.db.prisma, conversationId, request.clientId);
    if (first) return first;
    throw error;
  } finally {
    if (!isAnswered) expected?.giveUp();
  }
}

/** As it goes on record: without the secrets that are known just now. */
const wordsOf = ({ vault }: SendDeps, { text }: MessageRequest): string =>
  storableText(vault.redactor.text(text));

/** Writes it down behind what was read before; undefined, with nothing written, where that cannot be. */
async function tellAhead(
  deps: SendDeps,
  expected: ExpectedTurn | undefined,
  given: MessageRequest & Pick<NextTurn, 'skill' | 'executionId' | 'heldBy'>,
): Promise<(ToldTurn & { sent: SentMessage }) | undefined> {
  const { skill, parentId } = given;
  const ahead = expected?.ahead;
  if (ahead === undefined || skill === undefined) return undefined;
  const { headId, title } = ahead.before.conversation;
  // Elsewhere on its branches, or with a title to be found, it is said by the longer way.
  if (title === '' || (parentId !== undefined && parentId !== headId)) return undefined;
  const told = await sayAhead(deps, ahead, given);
  return told && { ...told, ahead, skill };
}

/** What is said alone, and not instead of something else, the agent of the last answer may begin with at once. */
const expectTurn = (
  { turns }: SendDeps,
  conversationId: string,
  { retryOf, attachments = [], attachmentIds = [], parentId, text }: MessageRequest,
): ExpectedTurn | undefined =>
  retryOf === undefined && attachments.length + attachmentIds.length === 0
    ? turns?.expect(conversationId, { after: parentId, text })
    : undefined;

/** @returns `isAnswered`: it was written down as the turn of `heldBy`, and nobody else will answer it */
async function commitMessage(
  deps: SendDeps,
  conversationId: string,
  request: MessageRequest & Pick<NextTurn, 'skill' | 'executionId' | 'heldBy'>,
): Promise<{ sent: SentMessage; isAnswered: boolean }> {
  const attachments = checkAttachments(request.attachments ?? [], deps.vault.redactor);
  return await deps.db.transaction(
    async (tx) => {
      const conversation = await holdConversation(tx, conversationId);
      const before = await sentBefore(tx, conversationId, request.clientId);
      if (before) return { sent: before, isAnswered: false };
      rowGuardOf(tx).check('conversations', conversation);
      const { turn, isBehindAnother } = await nextTurn(tx, conversationId);
      const next = { ...request, turn, isBehindAnother };
      const kept = await keptAttachments(tx, conversationId, request.attachmentIds ?? [], attachments);
      const sent =
        request.retryOf === undefined
          ? await say(deps, tx, conversation, { ...next, attachments: [...kept, ...attachments] })
          : await answerAgain(deps, tx, conversation, { ...next, retryOf: request.retryOf });
      return { sent, isAnswered: request.heldBy !== undefined && !isBehindAnother };
    },
    { timeoutMs: 60_000 },
  );
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
