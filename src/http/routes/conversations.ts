import { createConversation } from '../../chat/create-conversation.ts';
import { positionOf } from '../../chat/event-id.ts';
import { followConversation } from '../../chat/follow-conversation.ts';
import { getAttachment } from '../../chat/get-attachment.ts';
import { getConversation, getMessage } from '../../chat/get-conversation.ts';
import { listConversations } from '../../chat/list-conversations.ts';
import { removeConversation } from '../../chat/remove-conversation.ts';
import { sendMessage } from '../../chat/send-message.ts';
import { stopAnswer } from '../../chat/stop-answer.ts';
import { takeBackMessage } from '../../chat/take-back-message.ts';
import { updateConversation } from '../../chat/update-conversation.ts';
import { attachmentLimits } from '../../contract/attachment-limits.ts';
import { operations } from '../../contract/operations.ts';
import { waitForEnd } from '../../executions/wait-for-end.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import { lastingAccess } from '../access/lasting-access.ts';
import { may } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { App } from '../app.ts';
import { chatFrames } from '../chat-frames.ts';
import type { ServerDeps } from '../deps.ts';
import { sendEvents } from '../event-stream.ts';
import { goneSignal } from '../gone-signal.ts';

/** Of a message with all that may be attached to it, in base64. */
const messageLimit = Math.ceil((attachmentLimits.totalBytes * 4) / 3) + 1024 * 1024;

const chooserOf = (caller: Principal) => ({
  actor: caller.actor,
  mayLoosen: may(caller, 'let a conversation use a tool unasked'),
});

export function conversationRoutes(app: App, deps: ServerDeps): void {
  route(app, operations.listConversations, async (request) => listConversations(deps, request.query));

  route(app, operations.createConversation, async (request, reply) => {
    const conversation = await createConversation(deps, request.body, chooserOf(callerOf(request)));
    return reply.code(201).header('location', `/api/v1/conversations/${conversation.id}`).send(conversation);
  });

  route(app, operations.getConversation, async (request) => getConversation(deps, request.params.id));

  route(app, operations.updateConversation, async (request) =>
    updateConversation(deps, request.params.id, request.body, chooserOf(callerOf(request))),
  );

  route(app, operations.removeConversation, async (request, reply) => {
    await removeConversation(deps, request.params.id, callerOf(request).actor);
    return reply.code(204).send();
  });

  messageRoutes(app, deps);

  route(app, operations.followConversation, async (request, reply) => {
    const signal = goneSignal(app, reply);
    const after = positionOf(request.headers['last-event-id'] ?? request.query.after);
    const events = await followConversation(deps, request.params.id, { after, signal });
    return sendEvents(reply, chatFrames(events, deps.vault.redactor), {
      signal,
      ...lastingAccess(deps, request),
    });
  });

  route(app, operations.getAttachment, async (request, reply) => {
    const { id, attachmentId } = request.params;
    const { name, data } = await getAttachment(deps, id, attachmentId);
    // Never as a page of ours, whatever is in it.
    return reply
      .type('application/octet-stream')
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
      .send(data as never);
  });
}

function messageRoutes(app: App, deps: ServerDeps): void {
  route(
    app,
    operations.sendMessage,
    async (request, reply) => {
      const caller = callerOf(request);
      const sent = await sendMessage(deps, request.params.id, { ...request.body, actor: caller.actor });
      request.log.info({ executionId: sent.executionId }, 'a message was sent');
      const wait = may(caller, 'see what was answered') ? request.query.wait : 0;
      const gone = goneSignal(app, reply);
      if (wait > 0 && (await waitForEnd(deps, sent.executionId, wait * 1000, gone)))
        return reply.code(200).send(await getMessage(deps, sent.answerId));
      return reply.code(202).send(sent);
    },
    { bodyLimit: messageLimit },
  );

  route(app, operations.takeBackMessage, async (request, reply) => {
    const { id, messageId } = request.params;
    await takeBackMessage(deps, id, messageId, callerOf(request).actor);
    return reply.code(204).send();
  });

  route(app, operations.stopAnswer, async (request, reply) =>
    reply.code(202).send(await stopAnswer(deps, request.params.id, callerOf(request).actor)),
  );
}
