/** Changes one field of one row to another value of its type. */
import { type Attack, ownerOf, pick, pickRows, tables } from './attack.ts';
import { cover } from './cover-traces.ts';

export async function change(attack: Attack): Promise<string> {
  const table = pick(attack, Object.keys(tables));
  const { columns = [] } = tables[table] ?? {};
  const column = pick(attack, columns);
  const [row = ''] = await pickRows(attack, table, 1);
  const executionId = await ownerOf(attack, table, row);
  await set(attack, table, column, row);
  return `${table}.${column} of ${row}${await cover(attack, table, executionId)}`;
}

async function set({ db, random }: Attack, table: string, column: string, row: string): Promise<void> {
  const { key = '' } = tables[table] ?? {};
  const { rows } = await db.pool.query<{ type: string; enumerated: boolean }>(
    `SELECT format_type(atttypid, NULL) AS type, typtype = 'e' AS enumerated
     FROM pg_attribute JOIN pg_type t ON t.oid = atttypid WHERE attrelid = $1::regclass AND attname = $2`,
    [table, column],
  );
  const [{ type, enumerated } = { type: '', enumerated: false }] = rows;
  const value = newValue(column, type, enumerated, random(1_000_000));
  const more =
    table === 'executions' && column === 'purged_at' ? ', input = NULL, output = NULL, trace = NULL' : '';
  const { rowCount } = await db.pool.query(
    `UPDATE ${table} SET ${column} = ${value}${more} WHERE (${key})::text = $1`,
    [row],
  );
  if (rowCount !== 1) throw new Error(`${table}.${column} of ${row} was not there`);
}

function newValue(column: string, type: string, enumerated: boolean, salt: number): string {
  const far = ['seq', 'number', 'version', 'step_id'].includes(column) ? 1_000_000 : 1 + (salt % 9);
  if (column === 'kind' && type === 'text')
    return `CASE ${column} WHEN 'checkpoint' THEN 'restored' WHEN 'restored' THEN 'checkpoint' WHEN 'step' THEN 'usage' ELSE 'step' END`;
  if (column === 'status' && type === 'execution_status')
    return `CASE ${column} WHEN 'succeeded' THEN 'failed' ELSE 'succeeded' END::${type}`;
  if (enumerated)
    return `(SELECT v FROM unnest(enum_range(NULL::${type})) v WHERE v IS DISTINCT FROM ${column} ORDER BY md5(v::text || '${salt}') LIMIT 1)`;
  switch (type) {
    case 'text':
      return `coalesce(${column}, '') || ' ${salt}'`;
    case 'bytea':
      return `sha256(coalesce(${column}, '') || '\\x${(salt % 256).toString(16).padStart(2, '0')}'::bytea)`;
    case 'timestamp with time zone':
      return `coalesce(${column}, now()) + interval '${far} ms'`;
    case 'jsonb':
      return `jsonb_build_object('forged', ${salt})`;
    case 'jsonb[]':
      return inList(column, `jsonb_build_object('forged', ${salt})`, salt);
    case 'text[]':
      return inList(column, `'forged'::text`, salt);
    case 'integer[]':
      return inList(column, `${100 + salt}`, salt);
    case 'timestamp with time zone[]':
      return inList(column, `now() + interval '${far} ms'`, salt);
    case 'boolean':
      return `NOT ${column}`;
    case 'uuid':
      return 'gen_random_uuid()';
    default:
      return `coalesce(${column}, 0) + ${far}`;
  }
}

/** Another first, or one more behind the last. */
const inList = (column: string, value: string, salt: number): string =>
  salt % 2 === 0 ? `${column} || ${value}` : `${value} || ${column}[2:]`;
