/** `/hooks/:slug`: what other programs send. Public; every hook proves its own senders. */

import { operations } from '../../contract/operations.ts';
import { webhookBodyLimit } from '../../contract/webhooks.ts';
import { getResult } from '../../executions/get-result.ts';
import { waitForEnd } from '../../executions/wait-for-end.ts';
import { createSecretUseCounter } from '../../secrets/secret-use-counter.ts';
import { receiveWebhook } from '../../triggers/receive-webhook.ts';
import { createWebhookRate } from '../../triggers/webhook-rate.ts';
import { route } from '../../web/route.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { goneSignal } from '../gone-signal.ts';
import { createHangWatch } from '../hang-watch.ts';

/** How long the caller of a hook that answers with the result waits for it, in milliseconds. */
const longestWaitMs = 60_000;

export async function hookRoutes(app: App, deps: ServerDeps): Promise<void> {
  const rate = createWebhookRate();
  const uses = createSecretUseCounter(deps);
  const watch = createHangWatch(deps.db);
  app.addHook('onClose', async () => {
    await Promise.all([uses.close(), watch.close()]);
  });

  await app.register(async (hooks) => {
    // Signatures are over the bytes as they came, so nothing here reads them on their way.
    hooks.removeAllContentTypeParsers();
    hooks.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: webhookBodyLimit },
      async (_: unknown, body: Buffer) => body,
    );

    route(
      hooks as App,
      operations.deliverWebhook,
      async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const { executionId, waits } = await watch.run((signal) =>
          receiveWebhook(
            { ...deps, rate, uses },
            request.params.slug,
            { headers: request.headers, body },
            { query: request.query, from: request.ip, signal },
          ),
        );
        request.log.debug({ executionId, skill: request.params.slug }, 'a webhook was taken in');
        reply.header('location', `/api/v1/executions/${executionId}`).header('cache-control', 'no-store');
        if (waits && (await waitForEnd(deps, executionId, longestWaitMs, goneSignal(app, reply)))) {
          return reply.code(200).send(await getResult(deps, executionId));
        }
        return reply.code(202).send({ executionId });
      },
      { bodyLimit: webhookBodyLimit },
    );
  });
}
