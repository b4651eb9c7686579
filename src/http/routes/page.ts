/** The console's own files. They hold nothing of the owner's: what they show comes from the API, to whoever is signed in. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AlfredError } from '../../kernel/errors.ts';
import type { App } from '../app.ts';
import { type ConsoleFile, readConsole } from '../console-files.ts';

/** Where the console has pages: each is the same document, which shows what its address says. */
export const consolePages = [
  '/',
  '/executions',
  '/executions/:id',
  '/skills',
  '/skills/new',
  '/skills/write',
  '/skills/:slug',
  '/skills/:slug/edit',
  '/connections',
  '/connections/add',
  '/connections/:name',
  '/vault',
  '/core',
  '/settings',
] as const;

export function pageRoutes(app: App): void {
  const { page, icon, assets } = readConsole();
  const schema = { hide: true };
  for (const url of consolePages) {
    app.get(url, { schema }, async (request, reply) => send(request, reply, page, 'no-cache'));
  }
  app.get('/icon.svg', { schema }, async (request, reply) => send(request, reply, icon, 'max-age=86400'));
  app.get(
    '/assets/:file',
    { schema: { ...schema, params: z.object({ file: z.string() }) } },
    async (request, reply) => {
      const file = assets.get(request.params.file);
      if (file === undefined) throw new AlfredError('E_NOT_FOUND', 'There is nothing at this address');
      // The name says the content: another content has another name.
      return send(request, reply, file, 'public, max-age=31536000, immutable');
    },
  );
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  file: ConsoleFile,
  caching: string,
): FastifyReply {
  reply.type(file.type).header('cache-control', caching).header('vary', 'accept-encoding');
  const takesBrotli = /\bbr\b/.test(String(request.headers['accept-encoding'] ?? ''));
  return file.brotli !== undefined && takesBrotli
    ? reply.header('content-encoding', 'br').send(file.brotli)
    : reply.send(file.content);
}
