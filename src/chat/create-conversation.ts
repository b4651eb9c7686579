import type { Conversation, NewConversation } from '../contract/chat.ts';
import type { Database } from '../database/client.ts';
import { storableText } from '../database/storable.ts';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import type { Vault } from '../vault/vault.ts';
import { checkChosenTools } from './check-chosen-tools.ts';
import { presentConversations } from './present-conversation.ts';

export type ChatDeps = { db: Database; vault: Vault };

/** Who chooses, and whether they may let tools be used unasked that are not read-only. */
export type Chooser = { actor: string; mayLoosen: boolean };

/** @throws AlfredError */
export function refuseUnlessLoosener(unasked: readonly string[], { mayLoosen }: Chooser): void {
  if (unasked.length === 0 || mayLoosen) return;
  throw new AlfredError(
    'E_FORBIDDEN',
    'To let tools be used unasked that are not read-only needs the scope "connections:approve".',
    {
      remedy: 'Leave "unasked" out: calls of these tools wait for an approval then.',
      fields: [{ field: '/unasked', message: 'needs the scope "connections:approve"' }],
    },
  );
}

/**
 * Begins a conversation; nothing is said in it yet.
 *
 * @throws AlfredError E_UNKNOWN_TOOL naming tools that no connection has; E_FORBIDDEN
 */
export async function createConversation(
  { db, vault }: ChatDeps,
  { title = '', tools, unasked = [], model = null, effort = null }: NewConversation,
  chooser: Chooser,
): Promise<Conversation> {
  refuseUnlessLoosener(unasked, chooser);
  return await db.transaction(async (tx) => {
    await checkChosenTools(tx, { tools: tools ?? [], unasked });
    const chosen = { hasOwnTools: tools !== undefined, tools: tools ?? [], unasked, model, effort };
    const id = newId();
    const now = timeNow();
    const row = await tx.conversation.create({
      data: {
        id,
        ...chosen,
        title: storableText(vault.redactor.text(title)),
        createdBy: chooser.actor,
        createdAt: now,
        updatedAt: now,
        mac: rowGuardOf(tx).sign('conversations', { id, ...chosen }),
      },
    });
    const [shown] = await presentConversations(tx, [row]);
    if (shown === undefined) throw new Error('A conversation that was just made is not there');
    return shown;
  });
}
