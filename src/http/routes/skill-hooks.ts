/** A skill's webhook from its owner's side: where it is, a signed sample, and a test that starts nothing. */
import { z } from 'zod';
import { slugSchema } from '../../contract/common.ts';
import { defaultPerMinute } from '../../contract/skills.ts';
import {
  hookSampleQuerySchema,
  hookSampleSchema,
  hookSchema,
  hookTestSchema,
} from '../../contract/webhooks.ts';
import { checkWebhook } from '../../triggers/webhook-check.ts';
import { findHookOfSkill, webhookConfigOf } from '../../triggers/webhook-row.ts';
import { sampleDelivery } from '../../triggers/webhook-sample.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

const params = z.object({ slug: slugSchema });
const tags = ['webhooks'];

export function skillHookRoutes(app: App, deps: ServerDeps): void {
  /** What senders reach: the public address, or the one that the server listens on. Never what a request says of itself. */
  const base = (): string => {
    const { publicUrl, host, port } = deps.settings;
    if (publicUrl !== undefined) return publicUrl.replace(/\/+$/, '');
    const bound = app.server.address();
    const at = typeof bound === 'object' && bound !== null ? bound.port : port;
    return `http://${host.includes(':') ? `[${host}]` : host}:${at}`;
  };

  app.get(
    '/api/v1/skills/:slug/hook',
    { schema: { summary: "Show a skill's webhook", tags, params, response: { 200: hookSchema } } },
    async (request) => {
      const row = await findHookOfSkill(deps.db, request.params.slug);
      const { auth, response, dedupeBy = null, perMinute = defaultPerMinute } = webhookConfigOf(row);
      return {
        slug: row.slug,
        url: `${base()}/hooks/${row.slug}`,
        auth,
        response,
        dedupeBy,
        perMinute,
        isActive: row.isActive,
        hasSecret: row.triggerSecret !== null,
      };
    },
  );

  app.post(
    '/api/v1/skills/:slug/hook/sample',
    {
      schema: {
        summary: 'Sign a sample delivery',
        description:
          'The request that a sender would make now, signature included; of a bearer hook all but the token. Nothing is sent.',
        tags,
        params,
        body: hookSampleQuerySchema.default({ contentType: 'application/json' }),
        response: { 200: hookSampleSchema },
      },
    },
    async (request) => sampleDelivery(deps, request.params.slug, request.body, base()),
  );

  app.post(
    '/api/v1/skills/:slug/hook/test',
    {
      schema: {
        summary: 'Try a webhook without starting anything',
        description:
          'Whether a signed delivery is taken, a forged and an old one are not, its body fits the skill, and its address leads here.',
        tags,
        params,
        body: hookSampleQuerySchema.default({ contentType: 'application/json' }),
        response: { 200: hookTestSchema },
      },
    },
    async (request) => checkWebhook(deps, request.params.slug, request.body, base()),
  );
}
