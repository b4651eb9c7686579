import type { Database } from '../database/client.ts';
import { factsOfRun } from '../executions/facts-of-run.ts';
import type { ExecutionRow } from '../executions/find-execution.ts';
import { headlineOf } from '../executions/headline.ts';
import { argumentsOf } from '../executions/present-approval.ts';
import type { Notice } from '../queue/queue.ts';
import type { Said } from './said.ts';

export type RunNotice = Extract<Notice, { executionId: string }>;

const verbs = { failed: 'failed', waiting: 'waits for your approval', done: 'is done' } as const;
const bare = {
  failed: 'A run failed',
  waiting: 'A call waits for your approval',
  done: 'A run came to its end',
} as const;

/** What a notice says of a run: at most what came of it, and what a call that waits would be made with. */
export async function aboutRun(db: Database, notice: RunNotice, row: ExecutionRow): Promise<Said> {
  const { event, detail = {} } = notice;
  const name = await nameOf(db, row);
  const calls = event === 'waiting' ? await callsOf(db, row.id, detail) : [];
  const text =
    event === 'waiting'
      ? calls.map(({ tool, args }) => `${tool}\n${JSON.stringify(args, null, 2)}`).join('\n\n')
      : event === 'failed'
        ? (row.error ?? row.errorCode ?? '')
        : (row.output ?? '');
  const facts = {
    ...factsOfRun(row),
    status: event === 'waiting' ? 'waiting_approval' : row.status,
    ...{ errorCode: row.errorCode, error: row.error, retryOf: row.retryOf },
    completedAt: row.completedAt?.toISOString() ?? null,
    ...detail,
  };
  return {
    bare: bare[event],
    title: `${name} ${verbs[event]}`,
    text,
    headline: event === 'waiting' ? calls.map(({ tool }) => tool).join('\n') : headlineOf(text),
    page: `/executions/${row.id}`,
    thread: row.id,
    isUrgent: event !== 'done',
    type: event === 'done' ? 'execution.succeeded' : `execution.${event}`,
    data: {
      happened: { id: row.id },
      headline: event === 'done' ? { ...facts, headline: headlineOf(text) } : facts,
      whole: {
        ...facts,
        result: row.output,
        ...(event === 'waiting' ? { approvals: withArguments(detail.approvals, calls) } : {}),
      },
    },
  };
}

async function nameOf(db: Database, { skillId, skillSlug }: ExecutionRow): Promise<string> {
  if (skillId === null) return skillSlug;
  const skill = await db.prisma.skill.findUnique({ where: { id: skillId }, select: { name: true } });
  return skill?.name ?? skillSlug;
}

type Call = { id: string; tool: string; args: Record<string, unknown> | null };

const namedCalls = (detail: Record<string, unknown>): { id: string; tool: string }[] =>
  Array.isArray(detail.approvals)
    ? detail.approvals.flatMap((one: { id?: unknown; tool?: unknown }) =>
        typeof one.id === 'string' && typeof one.tool === 'string' ? [{ id: one.id, tool: one.tool }] : [],
      )
    : [];

/** The calls that wait, as a person is shown them. */
async function callsOf(db: Database, executionId: string, detail: Record<string, unknown>): Promise<Call[]> {
  const rows = await db.prisma.approval.findMany({
    where: { executionId },
    select: { id: true, arguments: true },
  });
  return namedCalls(detail).map(({ id, tool }) => {
    const row = rows.find((one) => one.id === id);
    return { id, tool, args: row ? argumentsOf(row) : null };
  });
}

const withArguments = (approvals: unknown, calls: readonly Call[]): unknown[] =>
  (Array.isArray(approvals) ? approvals : []).map((one: Record<string, unknown>) => ({
    ...one,
    arguments: calls.find(({ id }) => id === one.id)?.args ?? null,
  }));
