import type { Execution, TraceQuery, Usage } from '../contract/executions.ts';
import type { Database, Transaction } from '../database/client.ts';
import { type ExecutionRow, findExecution } from './find-execution.ts';
import { readMark } from './mark-execution.ts';
import { presentExecution } from './present-execution.ts';
import { spentSoFar } from './spent-so-far.ts';

/**
 * One execution, whole. While it runs, its trace is what it has said so far, and its usage what it has spent so far.
 *
 * @param options.trace `none`: the trace is left out, which may be many megabytes
 * @throws AlfredError E_NOT_FOUND
 */
export async function getExecution(
  { db }: { db: Database },
  id: string,
  { trace = 'whole' }: Partial<TraceQuery> = {},
): Promise<Execution> {
  const row = await findExecution(db.prisma, id);
  const [steps, toolCalls, shownTrace, mark] = await Promise.all([
    db.prisma.executionStep.findMany({ where: { executionId: id }, orderBy: { stepId: 'asc' } }),
    db.prisma.toolCall.findMany({
      where: { executionId: id },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    }),
    trace === 'none' || row.purgedAt !== null ? [] : traceOf(db, row),
    readMark({ db }, id),
  ]);
  const modelCalls = steps.reduce((sum, step) => sum + ((step.usage as Usage | null)?.modelCalls ?? 0), 0);
  const shown = presentExecution({ ...row, steps, toolCalls, mark }, shownTrace, modelCalls);
  return row.completedAt === null ? { ...shown, usage: await spentSoFar(db.prisma, id) } : shown;
}

/** Bare SQL: Prisma takes longer over a long trace than PostgreSQL does. */
async function traceOf(db: Database, { id, completedAt }: ExecutionRow): Promise<unknown[]> {
  if (completedAt === null) return await readTrace(db.prisma, id);
  const { rows } = await db.pool.query<{ trace: unknown[] | null }>(
    'SELECT trace FROM executions WHERE id = $1',
    [id],
  );
  return rows[0]?.trace ?? [];
}

/** The messages of an execution in order, out of its events; it may end meanwhile. */
export async function readTrace(db: Pick<Transaction, '$queryRaw'>, executionId: string): Promise<unknown[]> {
  const rows = await db.$queryRaw<{ data: unknown }[]>`
    SELECT data FROM all_events WHERE execution_id = ${executionId}::uuid AND kind = 'message' ORDER BY seq`;
  return rows.map(({ data }) => data);
}
