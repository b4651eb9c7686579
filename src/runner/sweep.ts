/**
 * Rows without jobs, and jobs without rows. Both are written together, so neither should be; but a worker may die between a
 * job's start and its claim, and a queue may give a job up that its row has not.
 */
import type { Database } from '../database/client.ts';
import { holdFreeLock } from '../database/locks.ts';
import { resendJob } from '../executions/resend-job.ts';
import { drawInJobs } from '../queue/draw-in-jobs.ts';
import type { Queue } from '../queue/queue.ts';

/** A job that was started so long ago has led to a claim, or its worker is gone; in seconds. */
const claimedWithin = 10;
const batch = 500;

/**
 * Sends the jobs of executions that wait for one and have none, takes back those of executions that have ended, and draws in
 * those whose time is later than it should be.
 *
 * @returns how many of each; undefined when another process sweeps just now
 */
export async function sweep({
  db,
  queue,
}: {
  db: Database;
  queue: Queue;
}): Promise<{ resent: number; removed: number; drawnIn: number } | undefined> {
  return await db.transaction(async (tx) => {
    if (!(await holdFreeLock(tx, 'sweep'))) return undefined;
    const drawnIn = await drawInJobs(tx);
    const waiting = await tx.$queryRaw<{ id: string }[]>`
      SELECT e.id FROM executions e
      WHERE e.status IN ('queued', 'running') AND e.claimed_by IS NULL
        -- A turn behind one that is open has its job from whoever ends that one.
        AND NOT EXISTS (
          SELECT FROM messages m
          JOIN messages before ON before.conversation_id = m.conversation_id AND before.turn < m.turn
          JOIN executions o ON o.id = before.execution_id AND o.completed_at IS NULL
          WHERE m.execution_id = e.id)
        AND NOT EXISTS (
          SELECT FROM pgboss.job j
          WHERE j.name IN ('execution.run', 'turn.run') AND j.id = e.id
            AND (j.state < 'active'
              -- One that ran and is nobody's lost its worker: nobody is about to claim it.
              OR e.status = 'queued' AND j.state = 'active'
                AND j.started_on > now() - make_interval(secs => ${claimedWithin}))
        )
      ORDER BY e.created_at LIMIT ${batch}`;
    for (const { id } of waiting) await resendJob({ queue, tx }, id);
    const over = await tx.$queryRaw<{ id: string; name: 'execution.run' | 'turn.run' }[]>`
      SELECT j.id, j.name FROM pgboss.job j
      WHERE j.name IN ('execution.run', 'turn.run') AND j.state < 'active'
        AND NOT EXISTS (SELECT FROM executions e WHERE e.id = j.id AND e.completed_at IS NULL)
      LIMIT ${batch}`;
    for (const [name, jobs] of Map.groupBy(over, (job) => job.name)) {
      await queue.remove(
        tx,
        name,
        jobs.map(({ id }) => id),
      );
    }
    return { resent: waiting.length, removed: over.length, drawnIn };
  });
}
