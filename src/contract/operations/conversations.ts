import { z } from 'zod';
import {
  conversationPatchSchema,
  conversationQuerySchema,
  conversationSchema,
  messageSchema,
  newConversationSchema,
  newMessageSchema,
  sentMessageSchema,
  stoppedSchema,
  wholeConversationSchema,
} from '../chat.ts';
import { pageOf } from '../common.ts';
import { runQuerySchema } from '../executions.ts';
import { operation } from '../operation.ts';

const params = z.object({ id: z.guid() });
const messageParams = params.extend({ messageId: z.guid() });
const tags = ['chat'];

export const conversationsOperations = {
  listConversations: operation('GET /api/v1/conversations', {
    access: 'read',
    summary: 'List conversations, the latest activity first',
    tags,
    query: conversationQuerySchema,
    responses: { 200: pageOf(conversationSchema) },
  }),
  createConversation: operation('POST /api/v1/conversations', {
    access: 'run',
    summary: 'Begin a conversation',
    description:
      'Without `tools` it may use what connections offer that are ready when a turn begins: read-only tools unasked, all others when a person approves the call.',
    tags,
    body: newConversationSchema.default({}),
    answerHeaders: ['location'],
    responses: { 201: conversationSchema },
  }),
  getConversation: operation('GET /api/v1/conversations/:id', {
    access: 'read',
    summary: 'Show a conversation with its messages',
    tags,
    params,
    responses: { 200: wholeConversationSchema },
  }),
  updateConversation: operation('PATCH /api/v1/conversations/:id', {
    access: 'run',
    records: ['conversation.changed'],
    summary: 'Change a conversation: its title, what it may use, its model, its branch; archive it',
    tags,
    params,
    body: conversationPatchSchema,
    responses: { 200: conversationSchema },
  }),
  removeConversation: operation('DELETE /api/v1/conversations/:id', {
    // Gone for good.
    access: 'admin',
    records: ['conversation.removed'],
    summary: 'Delete a conversation',
    description:
      'What was said is dropped for good, attachments too; its executions stay on record without their content. What is under way is stopped.',
    tags,
    params,
    responses: { 204: z.undefined() },
  }),
  sendMessage: operation('POST /api/v1/conversations/:id/messages', {
    access: 'run',
    summary: 'Say something',
    description:
      'The answer streams at `…/events`. With `?wait=` the answer is the whole message of the assistant (200), or after so many seconds as without (202). While an answer is under way, a message waits its turn. A text that begins with `/word`, where no skill of that name runs, is refused with the names most like it; `//word` is said as it is.',
    tags,
    params,
    query: runQuerySchema,
    body: newMessageSchema,
    responses: { 200: messageSchema, 202: sentMessageSchema },
  }),
  takeBackMessage: operation('DELETE /api/v1/conversations/:id/messages/:messageId', {
    access: 'run',
    summary: 'Take back a message that waits its turn',
    description: '409 `E_CONFLICT` once its answer has begun.',
    tags,
    params: messageParams,
    responses: { 204: z.undefined() },
  }),
  stopAnswer: operation('POST /api/v1/conversations/:id/stop', {
    access: 'run',
    summary: 'Stop the answer under way',
    description:
      'It ends as `stopped`, and what was said is kept. Messages that wait go on with their turns.',
    tags,
    params,
    responses: { 202: stoppedSchema },
  }),
  followConversation: operation('GET /api/v1/conversations/:id/events', {
    access: 'read',
    summary: 'Follow a conversation',
    description:
      'Server-sent events: `message` `delta` `tool_call` `approval` `summary` `usage` `status`. Replays from behind `Last-Event-ID` (or `after`), in the middle of an answer too, then follows.',
    tags,
    params,
    query: z.object({
      after: z.string().max(40).optional().describe('As `Last-Event-ID`, for who cannot send it'),
    }),
    headers: z.looseObject({ 'last-event-id': z.string().optional() }),
    responses: { 200: { content: { 'text/event-stream': { schema: z.string() } } } },
  }),
  getAttachment: operation('GET /api/v1/conversations/:id/attachments/:attachmentId', {
    access: 'read',
    summary: 'Fetch what was attached to a message',
    tags,
    params: params.extend({ attachmentId: z.guid() }),
    responses: { 200: { content: { 'application/octet-stream': { schema: z.string() } } } },
  }),
};
