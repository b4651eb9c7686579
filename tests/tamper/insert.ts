/** Puts a row beside another, with what it holds. */
import { type Attack, pickPlace } from './attack.ts';
import { cover } from './cover-traces.ts';

export async function insert(attack: Attack): Promise<string> {
  const { db, random } = attack;
  const { table, key, row, executionId } = await pickPlace(attack);
  const { rows } = await db.pool.query<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    [table],
  );
  const names = rows.map(({ name }) => name);
  let fresh: Record<string, string> = { id: 'gen_random_uuid()', dedupe_key: 'NULL' };
  if (table === 'audit_events') {
    const atEnd = random(2) === 0;
    if (!atEnd) await db.pool.query('UPDATE audit_events SET seq = -seq - 1 WHERE seq > $1', [row]);
    if (!atEnd) await db.pool.query('UPDATE audit_events SET seq = -seq WHERE seq < 0');
    fresh = {
      id: 'gen_random_uuid()',
      seq: atEnd ? '(SELECT max(seq) + 1 FROM audit_events)' : `${row}::bigint + 1`,
    };
  } else if (table === 'audit_checkpoints')
    fresh = { number: '(SELECT max(number) + 1 FROM audit_checkpoints)' };
  else if (table === 'execution_steps') fresh = { step_id: '(SELECT max(step_id) + 1 FROM execution_steps)' };
  else if (table === 'execution_events') {
    // Between the first and the last: what follows the end is shown to nobody.
    await db.pool.query('UPDATE execution_events SET seq = -seq - 1 WHERE execution_id = $1 AND seq > 1', [
      executionId,
    ]);
    await db.pool.query('UPDATE execution_events SET seq = -seq WHERE seq < 0');
    fresh = { seq: '2' };
    await db.pool.query(
      `INSERT INTO execution_events (${names.join(', ')})
       SELECT ${names.map((name) => fresh[name] ?? name).join(', ')} FROM execution_events WHERE execution_id = $1 AND seq = 1`,
      [executionId],
    );
    return `${table} ${row}${await cover(attack, table, executionId)}`;
  } else if (table === 'ended_events') {
    await db.pool.query(
      `UPDATE ended_events SET at = at[1:1] || at, step = step[1:1] || step, kind = kind[1:1] || kind, data = data[1:1] || data
       WHERE execution_id = $1`,
      [row],
    );
    return `into ${table} ${row}${await cover(attack, table, executionId)}`;
  } else if (table === 'skill_versions') {
    fresh = { version: '(SELECT max(version) + 1 FROM skill_versions)' };
  }
  await db.pool.query(
    `INSERT INTO ${table} (${names.join(', ')})
     SELECT ${names.map((name) => fresh[name] ?? name).join(', ')} FROM ${table} WHERE (${key})::text = $1`,
    [row],
  );
  return `${table} beside ${row}${await cover(attack, table, executionId)}`;
}
