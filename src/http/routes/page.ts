/** The page at `/`: where a sign-in link lands, until the console takes its place. */
import { readFileSync } from 'node:fs';
import type { App } from '../app.ts';

const files = [
  { url: '/', name: 'index.html', type: 'text/html; charset=utf-8' },
  { url: '/page.css', name: 'page.css', type: 'text/css; charset=utf-8' },
  { url: '/page.js', name: 'page.js', type: 'text/javascript; charset=utf-8' },
] as const;

export function pageRoutes(app: App): void {
  for (const { url, name, type } of files) {
    const content = readFileSync(new URL(`../page/${name}`, import.meta.url));
    app.get(url, { schema: { hide: true } }, async (_request, reply) =>
      reply.type(type).header('cache-control', 'no-cache').send(content),
    );
  }
}
