import type { SentMessage } from '../contract/chat.ts';
import type { Transaction } from '../database/client.ts';
import { insertExecution, type NewExecution } from '../executions/insert-execution.ts';
import type { Startable } from '../executions/read-startable.ts';
import { planRun, type StartDeps } from '../executions/start-execution.ts';
import { refuseWhileStopped } from '../executions/stop-state.ts';
import { AlfredError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { chatSlug } from '../skills/system/chat.ts';
import type { CheckedAttachment } from './check-attachments.ts';
import type { ConversationRow } from './find-conversation.ts';

type About = {
  executionId: string;
  messageId: string;
  message: string;
  attachments: readonly CheckedAttachment[];
  actor: string;
  /** The skill `chat`. */
  skill: Startable | undefined;
  /** A turn before it has not ended. */
  isBehindAnother: boolean;
  /** The worker that answers it at once. */
  heldBy: string | undefined;
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
  about: About,
): Promise<SentMessage> {
  const { run, sent } = planTurn(deps, conversation, about);
  await refuseWhileStopped(tx, run);
  await insertExecution({ queue: deps.queue, tx }, run);
  return sent;
}

/**
 * The execution that answers, as it is to be written.
 *
 * @throws AlfredError E_CONFLICT where the owner's own skill has the slug of the system's
 */
export function planTurn(
  deps: Pick<StartDeps, 'vault'>,
  conversation: ConversationRow,
  { executionId, messageId, message, attachments, actor, skill, isBehindAnother, heldBy }: About,
): { run: NewExecution; sent: SentMessage } {
  const answerId = newId();
  const files = attachments.map(({ name, mediaType, data, sha256 }) => ({
    name,
    mediaType,
    bytes: data.length,
    sha256: Buffer.from(sha256).toString('hex'),
  }));
  const plan = planRun(deps, skill, {
    skill: chatSlug,
    input: { message, ...(files.length === 0 ? {} : { attachments: files }) },
    mode: 'live',
    trigger: 'chat',
    triggerDetail: { conversationId: conversation.id, messageId, answerId, effort: conversation.effort },
    actor,
  });
  if (skill?.skill.isSystem !== true) {
    throw new AlfredError(
      'E_CONFLICT',
      `A skill of yours has the slug "${chatSlug}", which is that of the system's own.`,
      {
        remedy: `Give it another slug, and start the VM again: npx alfred skill edit ${chatSlug}`,
      },
    );
  }
  const isLive = plan.mode === 'live' && conversation.model !== null;
  const model = isLive ? (conversation.model ?? plan.model) : plan.model;
  const run = {
    ...plan,
    id: executionId,
    model,
    waitsForAnother: isBehindAnother,
    heldBy: isBehindAnother ? undefined : heldBy,
  };
  return { run, sent: { messageId, answerId, executionId } };
}
