/** `/hooks/:slug`: what other programs send. Public; every hook proves its own senders. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { operations } from '../../contract/operations.ts';
import { webhookBodyLimit } from '../../contract/webhooks.ts';
import { getResult } from '../../executions/get-result.ts';
import { waitForEnd } from '../../executions/wait-for-end.ts';
import { isAlfredError } from '../../kernel/errors.ts';
import { createSecretUseCounter } from '../../secrets/secret-use-counter.ts';
import { type Received, receiveWebhook } from '../../triggers/receive-webhook.ts';
import { answerBody, answerStatus } from '../../triggers/webhook-answer.ts';
import { createWebhookRate } from '../../triggers/webhook-rate.ts';
import { programHeaders } from '../../web/program-headers.ts';
import { route } from '../../web/route.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { goneSignal } from '../gone-signal.ts';
import { createHangWatch } from '../hang-watch.ts';
import { publicAddress } from '../public-address.ts';

/** How long the caller of a hook that answers with the result waits for it, in milliseconds: less than proxies wait as they come (50 s, 60 s). */
const longestWaitMs = 45_000;

type HookRequest = Pick<FastifyRequest, 'method' | 'url' | 'headers' | 'ip' | 'log'> & {
  params: { slug: string };
  query: unknown;
  body: unknown;
};

/** @param guardRoutes puts the guard before them */
export async function hookRoutes(
  app: App,
  deps: ServerDeps,
  guardRoutes: (part: App) => void,
): Promise<void> {
  const rate = createWebhookRate();
  const uses = createSecretUseCounter(deps);
  const watch = createHangWatch(deps.db);
  app.addHook('onClose', async () => {
    await Promise.all([uses.close(), watch.close()]);
  });

  const receive = async (request: HookRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { method, url, headers, query, ip: from } = request;
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const { slug } = request.params;
    const received = await watch
      .run((signal) =>
        receiveWebhook({ ...deps, rate, uses }, slug, {
          ...{ method, query, headers, body, from },
          url: `${publicAddress(app, deps.settings)}${url}`,
          signal,
        }),
      )
      .catch((error: unknown) => {
        if (isAlfredError(error, 'E_METHOD_NOT_ALLOWED')) reply.header('allow', 'POST');
        throw error;
      });
    if (received.kind === 'run') {
      request.log.debug({ executionId: received.executionId, skill: slug }, 'a webhook was taken in');
      return answerRun(received, reply);
    }
    request.log.debug({ skill: slug }, 'a sender tried a webhook');
    const { echoed, answer } = received;
    for (const [name, value] of Object.entries(echoed ?? {})) reply.header(name, value);
    return reply.code(200).type(answer.contentType).send(Buffer.from(answer.body));
  };

  const answerRun = async (
    { executionId, waits, answer }: Extract<Received, { kind: 'run' }>,
    reply: FastifyReply,
  ): Promise<FastifyReply> => {
    reply.header('location', `/api/v1/executions/${executionId}`);
    const isOver = waits && (await waitForEnd(deps, executionId, longestWaitMs, goneSignal(app, reply)));
    const ended = isOver ? await getResult(deps, executionId) : undefined;
    reply.code(answerStatus(answer, ended));
    if (answer?.body === undefined) return reply.send(ended ?? { executionId });
    const { contentType = 'text/plain' } = answer;
    const body = answerBody(answer.body, contentType, ended ?? { executionId });
    return body === '' ? reply.send() : reply.type(contentType).send(Buffer.from(body));
  };

  await app.register(async (hooks) => {
    const headers = programHeaders(deps.settings.publicUrl !== undefined);
    hooks.addHook('onRequest', async (_, reply) => void reply.headers(headers));
    guardRoutes(hooks as App);
    // Signatures are over the bytes as they came, so nothing here reads them on their way.
    hooks.removeAllContentTypeParsers();
    hooks.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: webhookBodyLimit },
      async (_: unknown, body: Buffer) => body,
    );
    route(hooks as App, operations.deliverWebhook, receive as never, { bodyLimit: webhookBodyLimit });
    route(hooks as App, operations.tryWebhook, receive as never);
  });
}
