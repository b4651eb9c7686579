/** How the VM and its runs stand, without what they are about: all that a token of Core may read by default. */

import { operations } from '../../contract/operations.ts';
import { getState } from '../../executions/get-state.ts';
import { route } from '../../web/route.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function vmStatusRoutes(app: App, { db, version }: ServerDeps): void {
  route(app, operations.readStatus, async () => {
    const counts = await db.prisma.execution.groupBy({
      by: ['status'],
      where: { status: { in: ['queued', 'running', 'waiting_approval'] } },
      _count: true,
    });
    const of = (status: string) => counts.find((row) => row.status === status)?._count ?? 0;
    return {
      version,
      queued: of('queued'),
      running: of('running'),
      waitingApproval: of('waiting_approval'),
    };
  });

  route(app, operations.getExecutionStatus, async (request) => getState({ db }, request.params.id));
}
