/** How the VM and its runs stand, without what they are about: all that a token of Core may read by default. */

import { api } from '../../contract/api.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { route } from '../route.ts';

export function vmStatusRoutes(app: App, { db, version }: ServerDeps): void {
  route(app, api.readStatus, async () => {
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

  route(app, api.getExecutionStatus, async ({ params: { id } }) => {
    const row = await db.prisma.execution.findUnique({ where: { id } });
    if (!row) throw new AlfredError('E_NOT_FOUND', `There is no execution ${id}`);
    return {
      id,
      status: row.status,
      errorCode: row.errorCode,
      createdAt: row.createdAt.toISOString(),
      startedAt: row.startedAt?.toISOString() ?? null,
      completedAt: row.completedAt?.toISOString() ?? null,
      durationMs: row.durationMs,
      tokenCount: Number(row.tokenCount),
    };
  });
}
