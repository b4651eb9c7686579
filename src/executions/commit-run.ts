import { againAfterConflict } from '../database/again-after-conflict.ts';
import { type Ask, askPg } from '../database/ask.ts';
import type { Database } from '../database/client.ts';
import { inTransaction } from '../database/in-transaction.ts';
import { isDatabaseAway } from '../database/is-away.ts';
import { createBatcher } from '../kernel/batcher.ts';
import type { AlfredError } from '../kernel/errors.ts';
import type { Queue } from '../queue/queue.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import { insertExecutions, type NewExecution } from './insert-execution.ts';
import { beginStarts, stopRefusals } from './stop-state.ts';

export type Committed = {
  /** Of the run, or of the one that has its dedupe key. */
  executionId: string;
  isDuplicate: boolean;
  /** Why it was not written. */
  refusal?: AlfredError;
};

type CommitDeps = { db: Database; queue: Queue };
type Item = { run: NewExecution; signal: AbortSignal | undefined; weight: number };

/** Of a batch, in characters of its runs' inputs: what is written at once is in memory at once. */
const most = 4_000_000;
/** No more than 200 runs, however small. */
const least = most / 200;

/** Of each queue the runs that wait for their commit; as long as somebody holds it. */
const writers = new WeakMap<Queue, (item: Item) => Promise<Committed>>();

/**
 * Commits a run that starts, with its job; together with those that start meanwhile, so that many share one transaction and
 * one wait for the disk.
 *
 * @param signal aborted: whoever asked has been told that it did not start, and it does not
 * @throws its reason
 */
export function commitRun(
  { db, queue }: CommitDeps,
  run: NewExecution,
  signal?: AbortSignal,
): Promise<Committed> {
  let write = writers.get(queue);
  if (!write) {
    write = createBatcher((items) => commitAll({ db, queue }, items), {
      most,
      weigh: ({ weight }) => weight,
      concernsAll: isDatabaseAway,
    });
    writers.set(queue, write);
  }
  return write({ run, signal, weight: least + JSON.stringify(run.input).length });
}

/**
 * Bare statements of pg's, each prepared once: a batch is five messages to the database.
 *
 * @throws the reason of one that was given up meanwhile; none of them is written then
 */
const commitAll = ({ db, queue }: CommitDeps, items: readonly Item[]): Promise<Committed[]> =>
  againAfterConflict(() => {
    refuseGivenUp(items);
    return inTransaction(
      db.pool,
      async (client) => {
        const committed = await writeAll({ db, queue, ask: askPg(client) }, items);
        // The database may have hung between the first statement and this one.
        refuseGivenUp(items);
        return committed;
      },
      beginStarts,
    );
  });

function refuseGivenUp(items: readonly Item[]): void {
  for (const { signal } of items) signal?.throwIfAborted();
}

async function writeAll(
  { db, queue, ask }: CommitDeps & { ask: Ask },
  items: readonly Item[],
): Promise<Committed[]> {
  const runs = items.map(({ run }) => run);
  const refusals = await stopRefusals({ ask, db: db.prisma }, runs);
  const wanted = runs.filter((run) => !refusals.has(run));
  const inserted =
    wanted.length === 0
      ? new Set<string>()
      : await insertExecutions({ queue, ask, guard: rowGuardOf(db.prisma) }, wanted);
  const firsts = await readFirsts(
    ask,
    wanted.filter(({ id }) => !inserted.has(id)),
  );
  return runs.map((run) => {
    const refusal = refusals.get(run);
    if (refusal) return { executionId: run.id, isDuplicate: false, refusal };
    if (inserted.has(run.id)) return { executionId: run.id, isDuplicate: false };
    const first = firsts.find((row) => row.skillId === run.skill.id && row.dedupeKey === run.dedupeKey);
    if (!first) throw new Error(`Execution ${run.id} was not written, and none has its dedupe key`);
    return { executionId: first.id, isDuplicate: true };
  });
}

type First = { id: string; skillId: string; dedupeKey: string };

const firstsOf = {
  name: 'read firsts',
  text: `
    SELECT id::text, skill_id::text AS "skillId", dedupe_key AS "dedupeKey"
    FROM executions JOIN unnest($1::uuid[], $2::text[]) AS wanted (skill_id, dedupe_key) USING (skill_id, dedupe_key)`,
};

/** The executions that have the dedupe keys of these runs already. */
async function readFirsts(ask: Ask, runs: readonly NewExecution[]): Promise<First[]> {
  if (runs.length === 0) return [];
  return await ask<First>(firstsOf, [
    runs.map(({ skill }) => skill.id),
    runs.map(({ dedupeKey }) => dedupeKey),
  ]);
}
