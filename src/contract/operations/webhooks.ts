import { z } from 'zod';
import { slugSchema } from '../common.ts';
import { runAcceptedSchema } from '../executions.ts';
import { operation } from '../operation.ts';
import {
  hookSampleQuerySchema,
  hookSampleSchema,
  hookSchema,
  hookTestSchema,
  webhookResultSchema,
  webhookSenderSchema,
} from '../webhooks.ts';

const params = z.object({ slug: slugSchema });

export const webhooksOperations = {
  deliverWebhook: operation('POST /hooks/:slug', {
    // By its own signature (triggers/senders/verify-delivery.ts).
    access: 'public',
    summary: 'Deliver to a webhook',
    description:
      'Signed as its sender signs (`GET /api/v1/webhook-senders`), or by a scheme of its own. Answered when the execution is on record: 202 with its id, or for `response: "result"` 200 with the result, after 45 seconds at most. The same delivery again is answered with the first one’s execution. The body (any type, up to 5 MiB, compressed or not) becomes `input.body`. A sender that tries the address is answered, and starts nothing. A trigger may name another answer.',
    tags: ['webhooks'],
    params: z.object({ slug: slugSchema }),
    anyBody: 'As its sender sends it: any type, up to 5 MiB',
    answerHeaders: ['location'],
    responses: { 200: webhookResultSchema, 202: runAcceptedSchema },
  }),
  tryWebhook: operation('GET /hooks/:slug', {
    access: 'public',
    summary: 'Try a webhook, or call one by GET',
    description:
      'What senders ask before they deliver (`hub.challenge`, `crc_token`, HEAD) is answered, where the hook’s sender does so. A delivery by GET is taken where the trigger’s `methods` say so; its query becomes `input.query`.',
    tags: ['webhooks'],
    params: z.object({ slug: slugSchema }),
    responses: { 200: webhookResultSchema, 202: runAcceptedSchema },
  }),
  listSenders: operation('GET /api/v1/webhook-senders', {
    access: 'read',
    summary: 'Senders of webhooks that are known by name',
    description: 'How each proves its calls, what is clicked there, and what its owner should know.',
    tags: ['webhooks'],
    responses: { 200: z.object({ items: z.array(webhookSenderSchema) }) },
  }),
  showHook: operation('GET /api/v1/skills/:slug/hook', {
    access: 'read',
    summary: "Show a skill's webhook",
    tags: ['webhooks'],
    params,
    responses: { 200: hookSchema },
  }),
  sampleDelivery: operation('POST /api/v1/skills/:slug/hook/sample', {
    // Who may sign a delivery could as well give the hook another secret.
    access: 'write',
    summary: 'Sign a sample delivery',
    description:
      'The request that a sender would make now, signature included; of a bearer hook all but the token. Nothing is sent. Of a hook that answers with the result it needs `read` as well.',
    tags: ['webhooks'],
    params,
    body: hookSampleQuerySchema.default({ contentType: 'application/json' }),
    responses: { 200: hookSampleSchema },
  }),
  showHandshake: operation('POST /api/v1/skills/:slug/hook/handshake', {
    // Shows a secret, until the first delivery: who may write could set another.
    access: 'write',
    summary: 'Show the word that a sender handed over',
    description:
      'Notion sends a token to the address and wants it typed at its own page. It is shown until the first delivery that it signed.',
    tags: ['webhooks'],
    params,
    responses: { 200: z.object({ secret: z.string() }) },
  }),
  testHook: operation('POST /api/v1/skills/:slug/hook/test', {
    access: 'write',
    summary: 'Try a webhook without starting anything',
    description:
      'Whether a signed delivery is taken, a forged and an old one are not, its body fits the skill, and its address leads here.',
    tags: ['webhooks'],
    params,
    body: hookSampleQuerySchema.default({ contentType: 'application/json' }),
    responses: { 200: hookTestSchema },
  }),
};
