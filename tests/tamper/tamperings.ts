/**
 * What somebody does who has the whole database, and neither the key nor the home: triggers and foreign keys are off, and all
 * that has no key is computed anew. Five classes: change a field, delete a row, insert a row, swap rows, roll back.
 */
import { type Attack, executionTables, pickPlace, tables } from './attack.ts';
import { change } from './change.ts';
import { cover } from './cover-traces.ts';
import { insert } from './insert.ts';
import { swap } from './swap.ts';

export const classes = ['change', 'delete', 'insert', 'swap', 'roll back'] as const;
export type TamperingClass = (typeof classes)[number];

/** Tampers once. @returns what was done, for whoever reads of one that was not found */
export async function tamper(attack: Attack, kind: TamperingClass): Promise<string> {
  await takeOver(attack);
  switch (kind) {
    case 'change':
      return change(attack);
    case 'delete':
      return remove(attack);
    case 'insert':
      return insert(attack);
    case 'swap':
      return swap(attack);
    case 'roll back':
      return rollBack(attack);
  }
}

/** The owner of the tables switches off what guards them. */
async function takeOver({ db }: Attack): Promise<void> {
  const { rows } = await db.pool.query<{ table: string; name: string }>(
    `SELECT conrelid::regclass::text AS "table", conname AS name FROM pg_constraint
     WHERE contype IN ('f', 'c') AND conrelid::regclass::text = ANY($1)`,
    [Object.keys(tables)],
  );
  await db.pool.query(
    [
      ...Object.keys(tables).map((table) => `ALTER TABLE ${table} DISABLE TRIGGER USER`),
      ...rows.map(({ table, name }) => `ALTER TABLE ${table} DROP CONSTRAINT "${name}"`),
    ].join('; '),
  );
}

async function remove(attack: Attack): Promise<string> {
  const { table, key, row, executionId } = await pickPlace(attack);
  await attack.db.pool.query(`DELETE FROM ${table} WHERE (${key})::text = $1`, [row]);
  if (table === 'executions' && attack.random(2) === 0) {
    // And all that belongs to it.
    for (const other of executionTables.slice(1))
      await attack.db.pool.query(`DELETE FROM ${other} WHERE execution_id = $1`, [row]);
  }
  if (table === 'audit_events' && attack.random(2) === 0) await closeGaps(attack);
  return `${table} ${row}${await cover(attack, table, executionId)}`;
}

async function closeGaps({ db }: Attack): Promise<void> {
  await db.pool.query(`UPDATE audit_events SET seq = -n FROM
    (SELECT id, row_number() OVER (ORDER BY seq) AS n FROM audit_events) AS one WHERE audit_events.id = one.id`);
  await db.pool.query('UPDATE audit_events SET seq = -seq');
}

/** Sets the database back by some events, and all that they stand for with them. */
async function rollBack(attack: Attack): Promise<string> {
  const { db, random } = attack;
  const { rows } = await db.pool.query<{ seq: number }>('SELECT max(seq)::int AS seq FROM audit_events');
  const head = rows[0]?.seq ?? 0;
  const to = head - 1 - random(Math.min(head - 1, 1 + random(head)));
  if (random(2) === 0) {
    const gone = `SELECT subject::uuid FROM audit_events WHERE seq > ${to} AND action = 'execution.queued'`;
    for (const table of executionTables.slice(1))
      await db.pool.query(`DELETE FROM ${table} WHERE execution_id IN (${gone})`);
    await db.pool.query(`DELETE FROM executions WHERE id IN (${gone})`);
  }
  await db.pool.query('DELETE FROM audit_events WHERE seq > $1', [to]);
  const how = random(3);
  if (how > 0) await db.pool.query('DELETE FROM audit_checkpoints WHERE seq > $1', [to]);
  if (how > 1)
    await db.pool.query(
      'UPDATE audit_head SET (seq, chain) = (SELECT seq, chain FROM audit_events WHERE seq = $1)',
      [to],
    );
  return `to event ${to} of ${head}, ${['head and checkpoints left', 'checkpoints too', 'checkpoints and head too'][how]}`;
}
