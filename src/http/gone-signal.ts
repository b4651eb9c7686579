import type { FastifyReply } from 'fastify';
import type { App } from './app.ts';

/** Aborts when the caller hangs up before the answer, or when the server begins to close. */
export function goneSignal(app: Pick<App, 'closing'>, reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return AbortSignal.any([gone.signal, app.closing]);
}
