/** Request bodies of the API: JSON alone. */
import type { FastifyInstance } from 'fastify';
import { parseJson } from '../kernel/parse-json.ts';

/** Of a body, in bytes. */
export const bodyLimit = 1024 * 1024;

/** Makes JSON (and JSON merge patches) the only bodies that are read. An empty body counts as none. */
export function acceptJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'buffer', bodyLimit },
    async (_request: unknown, body: Buffer) => parseJson(body),
  );
}
