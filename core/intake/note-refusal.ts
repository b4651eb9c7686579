import { metricReportSchema } from '../../src/contract/core.ts';
import { type ErrorCode, errorCodes } from '../../src/contract/errors.ts';
import { isAlfredError } from '../../src/kernel/errors.ts';
import type { CoreDatabase } from '../database.ts';

/** What has its own alert, or is no fault of the report's. */
const other = new Set(['E_COPIED', 'E_SUSPENDED', 'E_RATE_LIMITED']);
/** What Fastify itself refuses, as problems.ts answers it. */
const byStatus: Readonly<Record<number, ErrorCode>> = { 413: 'E_TOO_LARGE', 415: 'E_UNSUPPORTED_MEDIA' };

/** Notes that a report of a VM's own was refused, and why, once a minute at most: a report that is taken later settles it. */
export async function noteRefusal({ pool }: CoreDatabase, vmId: string, error: unknown): Promise<void> {
  const { statusCode } = error as { statusCode?: number };
  const code = isAlfredError(error) ? error.code : undefined;
  const status = code === undefined ? statusCode : errorCodes[code];
  if (status === undefined || status < 400 || status >= 500 || other.has(code ?? '')) return;
  await pool.query(
    `UPDATE vms SET refused_at = now(), refused_because = $2
     WHERE id = $1 AND retired_at IS NULL AND (refused_at IS NULL OR refused_at < now() - interval '1 minute')`,
    [vmId, [code ?? byStatus[status] ?? 'E_MALFORMED', ...fieldsOf(error)].join(' ')],
  );
}

/** The fields that it names, as a report has them: what else a VM calls a field is no word that Core keeps. */
function fieldsOf(error: unknown): string[] {
  if (!isAlfredError(error)) return [];
  const named = (error.fields ?? []).map(({ field }) => field.replace(/^\//, ''));
  const known = Object.keys(metricReportSchema.shape).filter((name) => named.includes(name));
  return known.length === new Set(named).size ? known : [...known, 'another'];
}
