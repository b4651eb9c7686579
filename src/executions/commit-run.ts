import type { Database } from '../database/client.ts';
import { isDatabaseAway } from '../database/is-away.ts';
import { createBatcher } from '../kernel/batcher.ts';
import type { AlfredError } from '../kernel/errors.ts';
import type { Queue } from '../queue/queue.ts';
import { insertExecutions, type NewExecution } from './insert-execution.ts';
import { stopRefusals } from './stop-state.ts';

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

/** @throws the reason of one that was given up meanwhile; none of them is written then */
const commitAll = ({ db, queue }: CommitDeps, items: readonly Item[]): Promise<Committed[]> =>
  db.transaction(async (tx) => {
    const refuseGivenUp = () => {
      for (const { signal } of items) signal?.throwIfAborted();
    };
    refuseGivenUp();
    const runs = items.map(({ run }) => run);
    const refusals = await stopRefusals(tx, runs);
    const wanted = runs.filter((run) => !refusals.has(run));
    const inserted = await insertExecutions({ queue, tx }, wanted);
    const keys = wanted.filter(({ id }) => !inserted.has(id)).flatMap(({ dedupeKey }) => dedupeKey ?? []);
    const firsts =
      keys.length === 0
        ? []
        : await tx.execution.findMany({
            where: {
              dedupeKey: { in: keys },
              skillId: { in: [...new Set(wanted.flatMap((run) => run.skill.id ?? []))] },
            },
            select: { id: true, skillId: true, dedupeKey: true },
          });
    // The database may have hung between the first statement and this one.
    refuseGivenUp();
    return runs.map((run) => {
      const refusal = refusals.get(run);
      if (refusal) return { executionId: run.id, isDuplicate: false, refusal };
      if (inserted.has(run.id)) return { executionId: run.id, isDuplicate: false };
      const first = firsts.find((row) => row.skillId === run.skill.id && row.dedupeKey === run.dedupeKey);
      if (!first) throw new Error(`Execution ${run.id} was not written, and none has its dedupe key`);
      return { executionId: first.id, isDuplicate: true };
    });
  });
