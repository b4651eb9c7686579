/** The console's own files. They hold nothing of the owner's: what they show comes from the API, to whoever is signed in. */
import { z } from 'zod';
import { consolePages } from '../../contract/pages.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { type BuiltPages, sendBuilt } from '../../web/built-pages.ts';
import type { App } from '../app.ts';

export function pageRoutes(app: App, { page, files, assets }: BuiltPages): void {
  const schema = { hide: true };
  for (const url of consolePages) {
    app.get(url, { schema }, async (request, reply) => sendBuilt(request, reply, page, 'page'));
  }
  for (const [url, file] of files) {
    // A worker, or what says how the page is installed, is as new as the page.
    const kind = file.type.startsWith('image/') ? 'icon' : 'page';
    app.get(url, { schema }, async (request, reply) => sendBuilt(request, reply, file, kind));
  }
  app.get(
    '/assets/:file',
    { schema: { ...schema, params: z.object({ file: z.string() }) } },
    async (request, reply) => {
      const file = assets.get(request.params.file);
      if (file === undefined) throw new AlfredError('E_NOT_FOUND', 'There is nothing at this address');
      return sendBuilt(request, reply, file, 'asset');
    },
  );
}
