import type { Prisma, Transaction } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';

/** A trace may have many megabytes: it is read by whoever wants it, and by nobody else. */
const withoutTrace = { trace: true } as const;

export type ExecutionRow = Prisma.ExecutionGetPayload<{ omit: typeof withoutTrace }>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** All of it but its trace. @throws AlfredError E_NOT_FOUND */
export async function findExecution(db: Pick<Transaction, 'execution'>, id: string): Promise<ExecutionRow> {
  const row = uuid.test(id) ? await db.execution.findUnique({ where: { id }, omit: withoutTrace }) : null;
  if (row) return row;
  throw new AlfredError('E_NOT_FOUND', `There is no execution ${id.slice(0, 60)}.`, {
    remedy: 'See which there are: npx alfred execution list',
  });
}
