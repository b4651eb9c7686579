/** Where the console has pages: each is the same document, which shows what its address says. */
export const consolePages = [
  '/',
  '/executions',
  '/executions/:id',
  '/executions/:id/comparison',
  '/skills',
  '/calendar',
  '/skills/new',
  '/skills/write',
  '/skills/:slug',
  '/skills/:slug/edit',
  '/proposals',
  '/proposals/:id',
  '/proposals/:id/edit',
  '/connections',
  '/connections/add',
  '/connections/:name',
  '/oauth/callback',
  '/oauth/authorize',
  '/approve',
  '/chat',
  '/chat/:id',
  '/vault',
  '/core',
  '/settings',
] as const;

/** Files of the console that have an address of their own: a browser asks for them by it, signed in or not. */
export const consoleFiles = [
  '/icon.svg',
  '/icon-192.png',
  '/icon-512.png',
  '/apple-touch-icon.png',
  '/manifest.webmanifest',
  '/sw.js',
] as const;
