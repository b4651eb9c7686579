/**
 * Long answers in JSON are compressed for callers that take gzip. Nothing that a stranger writes stands in one answer with a
 * secret (they are write-only), and other sites' pages are answered nothing: its length tells nobody anything.
 */
import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGzip, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptedEncoding } from './accepted-encoding.ts';
import type { TypedApp } from './typed-app.ts';

/** Shorter ones are sent as they are, in bytes: they fit into two packets. */
const leastBytes = 2048;

/** From here on who asked gets the beginning while the rest is compressed. */
const longBytes = 1024 * 1024;

const zip = promisify(gzip);
const level = constants.Z_BEST_SPEED;

export function compressAnswers(app: TypedApp): void {
  app.addHook('onSend', async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    const isStream = payload instanceof Readable;
    const isWhole = typeof payload === 'string' || Buffer.isBuffer(payload);
    if (!isStream && (!isWhole || payload.length < leastBytes)) return payload;
    if (!/^application\/(?:[\w.-]+\+)?json\b/.test(String(reply.getHeader('content-type')))) return payload;
    reply.header('vary', 'accept-encoding');
    const taken = acceptedEncoding(request.headers['accept-encoding'], ['gzip']);
    if (taken === undefined || request.method === 'HEAD' || reply.hasHeader('content-encoding'))
      return payload;
    reply.header('content-encoding', taken).removeHeader('content-length');
    if (isWhole && payload.length < longBytes) return await zip(payload, { level });
    return zipped(isStream ? payload : Readable.from([payload], { objectMode: false }));
  });
}

function zipped(payload: Readable): Readable {
  const gzipped = createGzip({ level, chunkSize: 64 * 1024 });
  // What goes wrong with the one ends the other, and the answer with it.
  pipeline(payload, gzipped, () => {});
  return gzipped;
}
