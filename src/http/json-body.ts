/** Request bodies of the API: JSON alone. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AlfredError } from '../kernel/errors.ts';
import { parseJson } from '../kernel/parse-json.ts';

/** Of a body, in bytes. */
export const bodyLimit = 1024 * 1024;

/** Makes JSON (and JSON merge patches) the only bodies that are read. An empty body counts as none. */
export function acceptJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'buffer', bodyLimit },
    async (request: FastifyRequest, body: Buffer) => {
      refuseEncoded(request);
      return parseJson(body);
    },
  );
}

/** @throws AlfredError E_UNSUPPORTED_MEDIA for a body that is compressed, which is no JSON until it is not */
function refuseEncoded({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity') return;
  throw new AlfredError('E_UNSUPPORTED_MEDIA', 'A compressed body is not read here', {
    remedy: 'Send the JSON as it is, without Content-Encoding.',
  });
}
