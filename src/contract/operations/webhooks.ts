import { z } from 'zod';
import { slugSchema } from '../common.ts';
import { runAcceptedSchema } from '../executions.ts';
import { operation } from '../operation.ts';
import { routes } from '../routes.ts';
import {
  hookSampleQuerySchema,
  hookSampleSchema,
  hookSchema,
  hookTestSchema,
  webhookResultSchema,
} from '../webhooks.ts';

const params = z.object({ slug: slugSchema });

export const webhooksOperations = {
  deliverWebhook: operation(routes.deliverWebhook, {
    summary: 'Deliver to a webhook',
    description:
      'Signed by the scheme of its skill: Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`), GitHub’s, Stripe’s, or a bearer token. Answered when the execution is on record: 202 with its id, or for `response: "result"` 200 with the result, after a minute at most. The same delivery again is answered with the first one’s execution. The body (any type, up to 5 MiB) becomes `input.body`.',
    tags: ['webhooks'],
    params: z.object({ slug: slugSchema }),
    responses: { 200: webhookResultSchema, 202: runAcceptedSchema },
  }),
  showHook: operation(routes.showHook, {
    summary: "Show a skill's webhook",
    tags: ['webhooks'],
    params,
    responses: { 200: hookSchema },
  }),
  sampleDelivery: operation(routes.sampleDelivery, {
    summary: 'Sign a sample delivery',
    description:
      'The request that a sender would make now, signature included; of a bearer hook all but the token. Nothing is sent. Of a hook that answers with the result it needs `read` as well.',
    tags: ['webhooks'],
    params,
    body: hookSampleQuerySchema.default({ contentType: 'application/json' }),
    responses: { 200: hookSampleSchema },
  }),
  testHook: operation(routes.testHook, {
    summary: 'Try a webhook without starting anything',
    description:
      'Whether a signed delivery is taken, a forged and an old one are not, its body fits the skill, and its address leads here.',
    tags: ['webhooks'],
    params,
    body: hookSampleQuerySchema.default({ contentType: 'application/json' }),
    responses: { 200: hookTestSchema },
  }),
};
