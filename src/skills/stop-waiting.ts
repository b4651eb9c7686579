import type { Transaction } from '../database/client.ts';

/**
 * Marks the runs of a skill that nobody has begun as called off: whoever takes one from the queue ends it. For a skill that is
 * switched off or removed.
 *
 * @returns how many
 */
export const stopWaiting = (tx: Transaction, skillId: string): Promise<number> => tx.$executeRaw`
  UPDATE executions SET cancel_requested_at = now()
  WHERE skill_id = ${skillId}::uuid AND status = 'queued' AND started_at IS NULL AND cancel_requested_at IS NULL`;
