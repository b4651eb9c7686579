import { errorCodes } from '../../src/contract/errors.ts';
import { isAlfredError } from '../../src/kernel/errors.ts';
import type { CoreDatabase } from '../database.ts';

/** What has its own alert, or is no fault of the report's. */
const other = new Set(['E_COPIED', 'E_SUSPENDED', 'E_RATE_LIMITED']);

/** Notes that a report of a VM's own was refused, once a minute at most: a report that is taken later settles it. */
export async function noteRefusal({ pool }: CoreDatabase, vmId: string, error: unknown): Promise<void> {
  const code = isAlfredError(error) ? error.code : undefined;
  const status = code === undefined ? (error as { statusCode?: number }).statusCode : errorCodes[code];
  if (status === undefined || status < 400 || status >= 500 || other.has(code ?? '')) return;
  await pool.query(
    `UPDATE vms SET refused_at = now()
     WHERE id = $1 AND retired_at IS NULL AND (refused_at IS NULL OR refused_at < now() - interval '1 minute')`,
    [vmId],
  );
}
