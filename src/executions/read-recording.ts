import type { CallToolResult } from '../connections/pool/link.ts';
import { type RecordedAnswer, Tape } from '../connections/tools/tape.ts';
import type { Prisma, Transaction } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { type ExecutionRow, findExecution } from './find-execution.ts';

type Db = Pick<Transaction, 'execution' | 'executionStep' | 'toolCall'>;
type CallRow = Prisma.ToolCallGetPayload<Record<string, never>>;

/** More steps carried over from run to run than this are not looked for. */
const mostRuns = 50;

/**
 * What the tools of an execution answered, in the order in which it came; of a step that was begun again, what its last attempt
 * was answered comes first. Of a step that it carried over from the run before it, the answers are that run's.
 *
 * @throws AlfredError E_NOT_FOUND, E_NOT_REPLAYABLE when its content was purged
 */
export async function readRecording(db: Db, id: string): Promise<RecordedAnswer[]> {
  const calls: CallRow[] = [];
  let wanted: ReadonlySet<number> | undefined;
  let next: string | null = id;
  for (let runs = 0; next !== null && runs < mostRuns; runs++) {
    const row: ExecutionRow = await findExecution(db, next);
    refusePurged(row);
    const own = await db.toolCall.findMany({
      where: { executionId: row.id, status: { in: ['done', 'failed'] } },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    calls.unshift(...own.filter(({ stepId }) => wanted?.has(stepId ?? 0) ?? true));
    wanted = await carriedSteps(db, row, wanted);
    next = wanted.size === 0 ? null : row.retryOf;
  }
  return lastAttemptsFirst(calls).flatMap(answerOf);
}

/** @throws AlfredError E_NOT_REPLAYABLE */
export function refusePurged(row: Pick<ExecutionRow, 'id' | 'skillSlug' | 'purgedAt'>): void {
  if (row.purgedAt === null) return;
  throw new AlfredError(
    'E_NOT_REPLAYABLE',
    `What the tools of execution ${row.id} answered was purged on ${row.purgedAt.toISOString().slice(0, 10)}: there is nothing left to replay.`,
    {
      remedy: `Replay a later run of it (npx alfred execution list --skill ${row.skillSlug}), or run it anew: npx alfred skill run ${row.skillSlug}. How long content is kept: retention_days in the settings.`,
    },
  );
}

/** The answers that a replay may still be given in a step: those that its other steps were given are gone. */
export async function tapeFor(
  db: Db,
  { executionId, replayOf, stepId }: { executionId: string; replayOf: string; stepId: number },
): Promise<Tape> {
  const [answers, given] = await Promise.all([
    readRecording(db, replayOf),
    db.toolCall.findMany({
      where: { executionId, answeredBy: { not: null }, stepId: { not: stepId } },
      select: { answeredBy: true },
    }),
  ]);
  return new Tape(answers, new Set(given.flatMap(({ answeredBy }) => answeredBy ?? [])));
}

/** Steps that a run had done before it began: a step that it did itself has an attempt. */
async function carriedSteps(
  db: Db,
  { id, retryOf }: ExecutionRow,
  wanted: ReadonlySet<number> | undefined,
): Promise<ReadonlySet<number>> {
  if (retryOf === null) return new Set();
  const steps = await db.executionStep.findMany({
    where: { executionId: id, status: 'done', attempt: 0 },
    select: { stepId: true },
  });
  return new Set(steps.map(({ stepId }) => stepId).filter((stepId) => wanted?.has(stepId) ?? true));
}

function lastAttemptsFirst(calls: readonly CallRow[]): CallRow[] {
  const keyOf = ({ executionId, stepId }: CallRow) => `${executionId} ${stepId}`;
  const last = new Map<string, number>();
  for (const call of calls) last.set(keyOf(call), Math.max(last.get(keyOf(call)) ?? 0, call.attempt ?? 0));
  const isLast = (call: CallRow) => (call.attempt ?? 0) === last.get(keyOf(call));
  return [...calls.filter(isLast), ...calls.filter((call) => !isLast(call))];
}

function answerOf(call: CallRow): RecordedAnswer[] {
  const { id, stepId, connection, tool, argumentsHash, error } = call;
  const known = { id, stepId, connection, tool, argumentsHash, arguments: call.arguments };
  if (call.result !== null)
    return [{ ...known, outcome: { result: call.result as unknown as CallToolResult } }];
  return error === null ? [] : [{ ...known, outcome: { error } }];
}
