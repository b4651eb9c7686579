import type { SentMessage } from '../contract/chat.ts';
import type { Transaction } from '../database/client.ts';
import { insertExecution } from '../executions/insert-execution.ts';
import { planExecution, type StartDeps } from '../executions/start-execution.ts';
import { refuseWhileStopped } from '../executions/stop-state.ts';
import { AlfredError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { chatSlug } from '../skills/system/chat.ts';
import type { CheckedAttachment } from './check-attachments.ts';
import type { ConversationRow } from './find-conversation.ts';

type About = {
  messageId: string;
  message: string;
  attachments: readonly CheckedAttachment[];
  actor: string;
};

/**
 * Writes the execution that answers. What it may use is read when it begins, from the conversation's own row.
 *
 * @throws AlfredError E_STOPPED after stop-all; E_CONFLICT where the owner's own skill has the slug of the system's
 */
export async function startTurn(
  deps: StartDeps,
  tx: Transaction,
  conversation: ConversationRow,
  { messageId, message, attachments, actor }: About,
): Promise<SentMessage> {
  const answerId = newId();
  const files = attachments.map(({ name, mediaType, data, sha256 }) => ({
    name,
    mediaType,
    bytes: data.length,
    sha256: Buffer.from(sha256).toString('hex'),
  }));
  const plan = await planExecution(deps, tx, {
    skill: chatSlug,
    input: { message, ...(files.length === 0 ? {} : { attachments: files }) },
    mode: 'live',
    trigger: 'chat',
    triggerDetail: { conversationId: conversation.id, messageId, answerId, effort: conversation.effort },
    actor,
  });
  const skill = await tx.skill.findUnique({ where: { slug: chatSlug }, select: { isSystem: true } });
  if (skill?.isSystem !== true) {
    throw new AlfredError(
      'E_CONFLICT',
      `A skill of yours has the slug "${chatSlug}", which is that of the system's own.`,
      {
        remedy: `Give it another slug, and start the VM again: npx alfred skill edit ${chatSlug}`,
      },
    );
  }
  await refuseWhileStopped(tx, plan.trigger);
  const isLive = plan.mode === 'live' && conversation.model !== null;
  const model = isLive ? (conversation.model ?? plan.model) : plan.model;
  const isOpen = await hasOpenTurn(tx, conversation.id);
  await insertExecution({ queue: deps.queue, tx }, { ...plan, model, waitsForAnother: isOpen });
  return { messageId, answerId, executionId: plan.id };
}

const hasOpenTurn = async (tx: Transaction, conversationId: string): Promise<boolean> =>
  (await tx.message.count({ where: { conversationId, execution: { completedAt: null } } })) > 0;
