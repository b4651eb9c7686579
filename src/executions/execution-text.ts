import type { Execution } from '../contract/executions.ts';
import type { Database } from '../database/client.ts';
import { getExecution } from './get-execution.ts';

/**
 * An execution, whole, as JSON. Its trace is put in as PostgreSQL writes it: to read many megabytes and to write them again
 * takes longer than to fetch them.
 *
 * @throws AlfredError E_NOT_FOUND
 */
export async function executionText({ db }: { db: Database }, id: string): Promise<string> {
  const { trace: _apart, ...shown } = await getExecution({ db }, id, { trace: 'none' });
  return `${JSON.stringify(shown).slice(0, -1)},"trace":${await traceText(db, shown)}}`;
}

async function traceText(
  db: Pick<Database, 'pool'>,
  { id, completedAt, purgedAt }: Pick<Execution, 'id' | 'completedAt' | 'purgedAt'>,
): Promise<string> {
  if (purgedAt !== null) return '[]';
  const { rows } = await db.pool.query<{ trace: string | null }>(
    completedAt === null
      ? `SELECT jsonb_agg(data ORDER BY seq)::text AS trace FROM all_events WHERE execution_id = $1 AND kind = 'message'`
      : 'SELECT trace::text FROM executions WHERE id = $1',
    [id],
  );
  return rows[0]?.trace ?? '[]';
}
