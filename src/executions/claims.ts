/** Who runs an execution: one worker, named in its row, and nobody else writes about the run. */
import type { Transaction } from '../database/client.ts';
import { lockExecution } from './lock-execution.ts';

/** The run is another worker's, or nobody's, by now: this one was taken for dead. */
export class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError';
  constructor(executionId: string) {
    super(`This worker no longer holds execution ${executionId}.`);
  }
}

/**
 * Locks the execution's row and sees that `workerId` holds it, so that what the transaction writes is the holder's.
 *
 * @throws ClaimLostError
 */
export async function holdClaim(tx: Transaction, executionId: string, workerId: string): Promise<void> {
  const row = await lockExecution(tx, executionId);
  if (row?.claimedBy !== workerId) throw new ClaimLostError(executionId);
}
