/** Core's own page. It holds nothing: what it shows comes from the API, to whoever is signed in. */
import { z } from 'zod';
import { AlfredError } from '../../src/kernel/errors.ts';
import { readPages, sendBuilt } from '../../src/web/built-pages.ts';
import type { CoreApp } from './app.ts';

export function pageRoutes(app: CoreApp): void {
  const { page, files, assets } = readPages('fleet.html', ['/icon.svg']);
  app.get('/', { schema: { hide: true } }, async (request, reply) => sendBuilt(request, reply, page, 'page'));
  for (const [url, file] of files) {
    app.get(url, { schema: { hide: true } }, async (request, reply) =>
      sendBuilt(request, reply, file, 'icon'),
    );
  }
  app.get(
    '/assets/:file',
    { schema: { hide: true, params: z.object({ file: z.string() }) } },
    async (request, reply) => {
      const file = assets.get(request.params.file);
      if (file === undefined) throw new AlfredError('E_NOT_FOUND', 'There is nothing at this address');
      return sendBuilt(request, reply, file, 'asset');
    },
  );
}
