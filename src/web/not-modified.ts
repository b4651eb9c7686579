/** A read whose answer the caller has already (If-None-Match: RFC 9110, section 13.1.2) is answered with 304, and without a body. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { asSent } from './entity-tag.ts';
import type { TypedApp } from './typed-app.ts';

export function answerNotModified(app: TypedApp): void {
  app.addHook('onSend', async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    const wanted = request.headers['if-none-match'];
    const etag = reply.getHeader('etag');
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (wanted === undefined || typeof etag !== 'string' || !isRead || reply.statusCode !== 200)
      return payload;
    const isThere = wanted.trim() === '*' || wanted.split(',').some((one) => asSent(one) === asSent(etag));
    if (!isThere) return payload;
    reply.code(304).removeHeader('content-type').removeHeader('content-length');
    return null;
  });
}
