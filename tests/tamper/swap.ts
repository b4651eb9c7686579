import type pg from 'pg';
import { type Attack, ownerOf, pick, pickRows, tables } from './attack.ts';
import { cover } from './cover-traces.ts';

/** Changes places of what two rows hold. */
export async function swap(attack: Attack): Promise<string> {
  const { db } = attack;
  const choices: [string, string[]][] = [
    ['audit_events', ['seq']],
    ['audit_events', ['subject', 'action', 'data', 'payload_hash']],
    ['audit_events', ['at']],
    ['audit_checkpoints', ['seq', 'head', 'at']],
    ['audit_checkpoints', ['number']],
    ['executions', ['output', 'output_hash']],
    ['executions', ['input', 'input_hash']],
    ['executions', ['created_at', 'started_at', 'completed_at']],
    ['execution_steps', ['output']],
    ['execution_steps', ['execution_id']],
    ['tool_calls', ['result']],
    ['tool_calls', ['arguments', 'arguments_hash']],
    ['execution_events', ['data']],
    ['ended_events', ['data']],
    ['skill_versions', ['definition', 'content_hash']],
  ];
  const [table, columns] = pick(attack, choices);
  const { key = '' } = tables[table] ?? {};
  const [a = '', b = ''] = await pickRows(attack, table, 2);
  const { rows } = await db.pool.query<{ same: boolean }>(
    `SELECT count(DISTINCT md5((${columns.map((one) => `${one}::text`).join(", ' ', ")})::text)) < 2 AS same
     FROM ${table} WHERE (${key})::text IN ($1, $2)`.replace('md5((', 'md5(concat('),
    [a, b],
  );
  if (rows[0]?.same) return swap(attack);
  const [owner, other] = [await ownerOf(attack, table, a), await ownerOf(attack, table, b)];
  const isKey = columns.length === 1 && ['seq', 'number', 'execution_id'].includes(columns[0] ?? '');
  if (isKey) await swapKeys(db.pool, table, columns[0] ?? '', a, b);
  else {
    await db.pool.query(
      `UPDATE ${table} AS one SET ${columns.map((name) => `${name} = other.${name}`).join(', ')}
       FROM ${table} AS other
       WHERE ((${qualified(key, 'one')})::text, (${qualified(key, 'other')})::text) IN (($1, $2), ($2, $1))`,
      [a, b],
    );
  }
  const first = await cover(attack, table, owner);
  return `${table}.${columns} of ${a} and ${b}${first}${first === '' ? '' : await cover(attack, table, other)}`;
}

const qualified = (key: string, alias: string) =>
  key.replaceAll(/\b(id|seq|number|one|execution_id|step_id|skill_id|version)\b/g, `${alias}.$1`);

async function swapKeys(pool: pg.Pool, table: string, column: string, a: string, b: string): Promise<void> {
  if (column === 'execution_id') {
    // Steps of one number, of two executions.
    const [one = '', step = ''] = a.split(' ');
    const [other = ''] = b.split(' ');
    const aside = '00000000-0000-7000-8000-000000000000';
    for (const [to, from] of [
      [aside, one],
      [one, other],
      [other, aside],
    ])
      await pool.query(`UPDATE ${table} SET ${column} = $1 WHERE ${column} = $2 AND step_id = $3`, [
        to,
        from,
        step,
      ]);
    return;
  }
  for (const [to, from] of [
    ['9999999', a],
    [a, b],
    [b, '9999999'],
  ])
    await pool.query(`UPDATE ${table} SET ${column} = $1 WHERE ${column} = $2`, [to, from]);
}
