/** Jobs whose times are later than now, as the clock was put back: they begin as long after now as they should have after then. */
import type { Transaction } from '../database/client.ts';

/** A clock that is being kept goes back by less, in seconds. */
const noticeable = 5;

/**
 * Draws them in. What a job waits for (another attempt, a pause) is kept; one that nobody at work counts for is seen as such in time.
 *
 * @returns how many
 */
export async function drawInJobs(tx: Pick<Transaction, '$executeRaw'>): Promise<number> {
  const count = await tx.$executeRaw`
    UPDATE pgboss.job SET
      start_after = now() + greatest(start_after - greatest(created_on, started_on), interval '0'),
      created_on = least(created_on, now()),
      started_on = least(started_on, now()),
      heartbeat_on = least(heartbeat_on, now())
    WHERE state <= 'active'
      AND greatest(created_on, started_on, heartbeat_on) > now() + make_interval(secs => ${noticeable})`;
  // pg-boss looks for lost jobs so long after it did so last.
  await tx.$executeRaw`
    UPDATE pgboss.queue SET monitor_on = least(monitor_on, now()), monitor_claim_on = least(monitor_claim_on, now()),
      maintain_on = least(maintain_on, now())
    WHERE greatest(monitor_on, monitor_claim_on, maintain_on) > now() + make_interval(secs => ${noticeable})`;
  return count;
}
