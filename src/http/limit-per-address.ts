import type { FastifyReply, FastifyRequest } from 'fastify';
import { AlfredError } from '../kernel/errors.ts';
import type { App } from './app.ts';

/** How long what an address did counts, in milliseconds. */
const timeWindow = 60_000;

const tooMany = (seconds: number): AlfredError =>
  new AlfredError('E_RATE_LIMITED', 'There were too many requests from this address', {
    remedy: `Try again in ${seconds} s.`,
  });

/**
 * A limit of its own: whoever calls what this gives counts one against the address that asks.
 *
 * @returns a function that throws AlfredError E_RATE_LIMITED
 */
export function limitPerAddress(
  app: App,
  perMinute: number,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const count = app.createRateLimit({ max: perMinute, timeWindow });
  return async (request, reply) => {
    const used = await count(request);
    if (used.isAllowed || !used.isExceeded) return;
    reply.header('retry-after', used.ttlInSeconds);
    throw tooMany(used.ttlInSeconds);
  };
}
