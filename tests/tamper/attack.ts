/** What is tampered with: the tables, their rows, and to which execution each belongs. */
import type { Database } from '../../src/database/client.ts';
import { newId } from '../../src/kernel/ids.ts';

export type Attack = {
  db: Database;
  vaultId: string;
  /** A whole number from 0 to below `below`. */
  random(below: number): number;
};

/** What is tampered with, each with its key and the columns that the chain covers. */
export const tables: Record<string, { key: string; columns: string[]; where?: string }> = {
  audit_events: { key: 'seq', columns: 'seq id at actor action subject data payload_hash chain'.split(' ') },
  audit_head: { key: 'one', columns: ['seq', 'chain', 'epoch'] },
  audit_checkpoints: {
    key: 'number',
    columns: 'number kind epoch seq head at previous signature'.split(' '),
  },
  executions: {
    key: 'id',
    where: 'completed_at IS NOT NULL',
    columns:
      'id skill_id skill_slug skill_version skill_hash mode model actor trigger trigger_detail retry_of input output trace error error_code duration_ms token_count input_tokens output_tokens cache_read_tokens cache_write_tokens cost_usd dedupe_key input_hash output_hash trace_hash content_hash cancel_requested_at purged_at retries created_at started_at completed_at'.split(
        ' ',
      ),
  },
  execution_steps: {
    key: "execution_id::text || ' ' || step_id",
    columns: 'execution_id step_id status attempt started_at finished_at output usage'.split(' '),
  },
  tool_calls: {
    key: 'id',
    columns:
      'id execution_id step_id attempt tool_use_id connection tool arguments arguments_hash read_only idempotent status result error created_at dispatched_at finished_at'.split(
        ' ',
      ),
  },
  execution_events: {
    key: "execution_id::text || ' ' || seq",
    columns: 'execution_id seq at step kind data'.split(' '),
  },
  ended_events: { key: 'execution_id', columns: 'at step kind data'.split(' ') },
  skill_versions: {
    key: "skill_id::text || ' ' || version",
    columns: 'skill_id version definition content_hash created_by note'.split(' '),
  },
};

export const executionTables = [
  'executions',
  'execution_steps',
  'tool_calls',
  'execution_events',
  'ended_events',
];

export const pick = <T>({ random }: Attack, list: readonly T[]): T => {
  const one = list[random(list.length)];
  if (one === undefined) throw new Error('Nothing to pick from');
  return one;
};

export async function pickRows({ db, random }: Attack, table: string, count: number): Promise<string[]> {
  const { key = '', where = 'true' } = tables[table] ?? {};
  const { rows } = await db.pool.query<{ key: string }>(
    `SELECT (${key})::text AS key FROM ${table} WHERE ${where} ORDER BY 1`,
  );
  const picked = new Set<string>();
  while (picked.size < Math.min(count, rows.length)) picked.add(rows[random(rows.length)]?.key ?? '');
  return [...picked];
}

/** The execution that a row belongs to. */
export async function ownerOf({ db }: Attack, table: string, row: string): Promise<string | undefined> {
  if (table === 'executions' || table === 'ended_events') return row;
  if (table === 'execution_steps' || table === 'execution_events') return row.split(' ')[0];
  if (table !== 'tool_calls') return undefined;
  const { rows } = await db.pool.query<{ id: string | null }>(
    'SELECT execution_id AS id FROM tool_calls WHERE id = $1',
    [row],
  );
  return rows[0]?.id ?? undefined;
}

/** Of what the chain covers: equal texts, nothing was tampered with. */
export async function fingerprint({ db }: Pick<Attack, 'db'>): Promise<string> {
  const parts = Object.entries(tables).map(
    ([table, { columns }]) =>
      `(SELECT md5(coalesce(string_agg(md5(row(${columns.join(', ')})::text), '' ORDER BY row(${columns.join(', ')})::text), '')) FROM ${table})`,
  );
  const { rows } = await db.pool.query<{ all: string }>(`SELECT concat_ws(' ', ${parts.join(', ')}) AS all`);
  return rows[0]?.all ?? newId();
}

/** Any row but the chain's head: its table, the key that names it there, and the execution that it belongs to. */
export async function pickPlace(
  attack: Attack,
): Promise<{ table: string; key: string; row: string; executionId: string | undefined }> {
  const table = pick(
    attack,
    Object.keys(tables).filter((name) => name !== 'audit_head'),
  );
  const { key = '' } = tables[table] ?? {};
  const [row = ''] = await pickRows(attack, table, 1);
  return { table, key, row, executionId: await ownerOf(attack, table, row) };
}
