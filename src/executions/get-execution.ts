import type { Execution, Usage } from '../contract/executions.ts';
import type { Database } from '../database/client.ts';
import { findExecution } from './find-execution.ts';
import { presentExecution } from './present-execution.ts';
import { spentSoFar } from './spent-so-far.ts';

/**
 * One execution, whole. While it runs, its trace is what it has said so far, and its usage what it has spent so far.
 *
 * @throws AlfredError E_NOT_FOUND
 */
export async function getExecution({ db }: { db: Database }, id: string): Promise<Execution> {
  const row = await findExecution(db.prisma, id);
  const [steps, toolCalls, messages] = await Promise.all([
    db.prisma.executionStep.findMany({ where: { executionId: id }, orderBy: { stepId: 'asc' } }),
    db.prisma.toolCall.findMany({
      where: { executionId: id },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    }),
    row.trace === null && row.purgedAt === null ? readTrace(db.prisma, id) : row.trace,
  ]);
  const modelCalls = steps.reduce((sum, step) => sum + ((step.usage as Usage | null)?.modelCalls ?? 0), 0);
  const shown = presentExecution(
    { ...row, steps, toolCalls },
    (messages as unknown[] | null) ?? [],
    modelCalls,
  );
  return row.completedAt === null ? { ...shown, usage: await spentSoFar(db.prisma, id) } : shown;
}

/** The messages of an execution in order. */
export async function readTrace(
  db: Pick<Database['prisma'], 'executionEvent'>,
  executionId: string,
): Promise<unknown[]> {
  const events = await db.executionEvent.findMany({
    where: { executionId, kind: 'message' },
    orderBy: { seq: 'asc' },
    select: { data: true },
  });
  return events.map(({ data }) => data);
}
