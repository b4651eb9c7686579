import { noticesSchema } from '../../contract/notices.ts';
import { readNotices } from '../../triggers/read-notices.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function noticeRoutes(app: App, deps: ServerDeps): void {
  app.get(
    '/api/v1/notices',
    {
      schema: {
        summary: 'How the outbound webhook stands: what waits to be delivered, and why',
        tags: ['config'],
        response: { 200: noticesSchema },
      },
    },
    async () => readNotices(deps),
  );
}
