import type { Transaction } from '../database/client.ts';
import { readLink } from './link-state.ts';

/**
 * Keeps a database that was set back from telling Core of an execution twice: those that had ended and were in no report yet
 * may have been in one since, under an id that is not known here. They count as told. Reports that were made by then go out
 * again as they are, and Core knows them by their ids.
 *
 * @returns how many; none where the VM was linked to no Core
 */
export async function countAsReported(tx: Transaction): Promise<number> {
  if (!(await readLink(tx))) return 0;
  return await tx.$executeRaw`
    UPDATE executions SET reported_to_core = true
    WHERE mode = 'live' AND completed_at IS NOT NULL AND NOT reported_to_core AND metric_report_id IS NULL`;
}
