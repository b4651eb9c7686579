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
  '/chat',
  '/chat/:id',
  '/vault',
  '/core',
  '/settings',
] as const;
