/** How the VM and its runs stand, without what they are about: all that a token of Core may read by default. */
import { z } from 'zod';
import { executionStateSchema, vmStatusSchema } from '../../contract/core.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

const tags = ['status'];

export function vmStatusRoutes(app: App, { db, version }: ServerDeps): void {
  app.get(
    '/api/v1/status',
    { schema: { summary: 'How busy the VM is', tags, response: { 200: vmStatusSchema } } },
    async () => {
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
    },
  );

  app.get(
    '/api/v1/executions/:id/status',
    {
      schema: {
        summary: 'How a run stands, without its content',
        tags,
        params: z.object({ id: z.guid() }),
        response: { 200: executionStateSchema },
      },
    },
    async ({ params: { id } }) => {
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
    },
  );
}
