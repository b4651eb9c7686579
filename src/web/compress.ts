/**
 * Long answers in JSON are compressed for callers that take gzip. Nothing that a stranger writes stands in one answer with a
 * secret (they are write-only), and other sites' pages are answered nothing: its length tells nobody anything.
 */
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptedEncoding } from './accepted-encoding.ts';
import type { TypedApp } from './typed-app.ts';

/** Shorter ones are sent as they are, in bytes: they fit into two packets. */
const leastBytes = 2048;

const zip = promisify(gzip);

export function compressAnswers(app: TypedApp): void {
  app.addHook('onSend', async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    if ((typeof payload !== 'string' && !Buffer.isBuffer(payload)) || payload.length < leastBytes)
      return payload;
    if (!/^application\/(?:[\w.-]+\+)?json\b/.test(String(reply.getHeader('content-type')))) return payload;
    reply.header('vary', 'accept-encoding');
    const taken = acceptedEncoding(request.headers['accept-encoding'], ['gzip']);
    if (taken === undefined || request.method === 'HEAD' || reply.hasHeader('content-encoding'))
      return payload;
    reply.header('content-encoding', taken).removeHeader('content-length');
    return await zip(payload, { level: constants.Z_BEST_SPEED });
  });
}
