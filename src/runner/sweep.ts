/**
 * Rows without jobs, and jobs without rows. Both are written together, so neither should be; but a worker may die between a
 * job's start and its claim, and a queue may give a job up that its row has not.
 */
import type { Database } from '../database/client.ts';
import { holdFreeLock } from '../database/locks.ts';
import { resendJob } from '../executions/resend-job.ts';
import type { Queue } from '../queue/queue.ts';

/** A job that was started so long ago has led to a claim, or its worker is gone; in seconds. */
const claimedWithin = 10;
const batch = 500;

/**
 * Sends the jobs of executions that wait for one and have none, and takes back those of executions that have ended.
 *
 * @returns how many of each; undefined when another process sweeps just now
 */
export async function sweep({
  db,
  queue,
}: {
  db: Database;
  queue: Queue;
}): Promise<{ resent: number; removed: number } | undefined> {
  return await db.transaction(async (tx) => {
    if (!(await holdFreeLock(tx, 'sweep'))) return undefined;
    const waiting = await tx.$queryRaw<{ id: string }[]>`
      SELECT e.id FROM executions e
      WHERE e.status IN ('queued', 'running') AND e.claimed_by IS NULL
        AND NOT EXISTS (
          SELECT FROM pgboss.job j
          WHERE j.name = 'execution.run' AND j.id = e.id
            AND (j.state < 'active'
              -- One that ran and is nobody's lost its worker: nobody is about to claim it.
              OR e.status = 'queued' AND j.state = 'active'
                AND j.started_on > now() - make_interval(secs => ${claimedWithin}))
        )
      ORDER BY e.created_at LIMIT ${batch}`;
    for (const { id } of waiting) await resendJob({ queue, tx }, id);
    const over = await tx.$queryRaw<{ id: string }[]>`
      SELECT j.id FROM pgboss.job j
      WHERE j.name = 'execution.run' AND j.state < 'active'
        AND NOT EXISTS (SELECT FROM executions e WHERE e.id = j.id AND e.completed_at IS NULL)
      LIMIT ${batch}`;
    await queue.remove(
      tx,
      'execution.run',
      over.map(({ id }) => id),
    );
    return { resent: waiting.length, removed: over.length };
  });
}
