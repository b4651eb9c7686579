import { recordAudit } from '../audit/record-audit.ts';
import type { Conversation, ConversationPatch } from '../contract/chat.ts';
import { storableText } from '../database/storable.ts';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import { checkChosenTools } from './check-chosen-tools.ts';
import { type ChatDeps, type Chooser, refuseUnlessLoosener } from './create-conversation.ts';
import { holdConversation } from './find-conversation.ts';
import { presentConversations } from './present-conversation.ts';

/**
 * Changes a conversation. What it may use and its model hold from the next turn on that begins.
 *
 * @throws AlfredError E_NOT_FOUND, E_UNKNOWN_TOOL, E_FORBIDDEN
 */
export async function updateConversation(
  { db, vault }: ChatDeps,
  id: string,
  { title, tools, unasked, model, effort, archived, headId }: ConversationPatch,
  chooser: Chooser,
): Promise<Conversation> {
  refuseUnlessLoosener(unasked ?? [], chooser);
  return await db.transaction(async (tx) => {
    const row = await holdConversation(tx, id);
    // One that somebody else changed is healed by choosing anew, all of it.
    const isChoice = [tools, unasked, model, effort].some((value) => value !== undefined);
    const chosen = {
      hasOwnTools: tools === undefined ? row.hasOwnTools : tools !== null,
      tools: tools === undefined ? row.tools : (tools ?? []),
      unasked: unasked === undefined ? row.unasked : (unasked ?? []),
      model: model === undefined ? row.model : model,
      effort: effort === undefined ? row.effort : effort,
    };
    if (isChoice) {
      if (tools === undefined || unasked === undefined) rowGuardOf(tx).check('conversations', row);
      await checkChosenTools(tx, { tools: tools ?? [], unasked: unasked ?? [] });
      const { hasOwnTools, tools: list, unasked: free } = chosen;
      await recordAudit(tx, {
        action: 'conversation.changed',
        actor: chooser.actor,
        subject: id,
        data: { hasOwnTools, tools: list, unasked: free, model: chosen.model },
      });
    }
    if (headId !== undefined) await refuseOtherMessage(tx, id, headId);
    const changed = await tx.conversation.update({
      where: { id },
      data: {
        ...(isChoice ? { ...chosen, mac: rowGuardOf(tx).sign('conversations', { id, ...chosen }) } : {}),
        ...(title === undefined ? {} : { title: storableText(vault.redactor.text(title)) }),
        ...(archived === undefined ? {} : { archivedAt: archived ? (row.archivedAt ?? timeNow()) : null }),
        ...(headId === undefined ? {} : { headId }),
      },
    });
    const [shown] = await presentConversations(tx, [changed]);
    if (shown === undefined) throw new Error('A conversation that was just changed is not there');
    return shown;
  });
}

/** @throws AlfredError E_VALIDATION when the message is none of the conversation's */
async function refuseOtherMessage(
  tx: { message: { findFirst(query: { where: object }): Promise<unknown> } },
  conversationId: string,
  id: string,
  field = '/headId',
): Promise<void> {
  if ((await tx.message.findFirst({ where: { id, conversationId, takenBackAt: null } })) !== null) return;
  throw new AlfredError('E_VALIDATION', 'The conversation has no such message.', {
    fields: [{ field, message: 'is no message of this conversation' }],
  });
}
