import { operations } from '../../contract/operations.ts';
import { readNotices } from '../../triggers/read-notices.ts';
import { route } from '../../web/route.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function noticeRoutes(app: App, deps: ServerDeps): void {
  route(app, operations.readNotices, async () => readNotices(deps));
}
