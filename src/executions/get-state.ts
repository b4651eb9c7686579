import type { z } from 'zod';
import type { executionStateSchema } from '../contract/core.ts';
import type { Database } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';

/**
 * How an execution stands, without its content.
 *
 * @throws AlfredError E_NOT_FOUND
 */
export async function getState(
  { db }: { db: Database },
  id: string,
): Promise<z.output<typeof executionStateSchema>> {
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
}
