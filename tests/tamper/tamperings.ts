/**
 * What somebody does who has the whole database, and neither the key nor the home: triggers and foreign keys are off, and all
 * that has no key is computed anew. Five classes: change a field, delete a row, insert a row, swap rows, roll back.
 */
import type pg from 'pg';
import { chainOf, genesisOf, leafOf, payloadHashOf } from '../../src/audit/chain.ts';
import { finishedDataOf } from '../../src/audit/execution-record.ts';
import type { Database } from '../../src/database/client.ts';
import { newId } from '../../src/kernel/ids.ts';

export const classes = ['change', 'delete', 'insert', 'swap', 'roll back'] as const;
export type TamperingClass = (typeof classes)[number];

export type Attack = {
  db: Database;
  vaultId: string;
  /** A whole number from 0 to below `below`. */
  random(below: number): number;
};

/** What is tampered with, each with its key and the columns that the chain covers. */
const tables: Record<string, { key: string; columns: string[]; where?: string }> = {
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
  skill_versions: {
    key: "skill_id::text || ' ' || version",
    columns: 'skill_id version definition content_hash created_by note'.split(' '),
  },
};

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

const pick = <T>({ random }: Attack, list: readonly T[]): T => {
  const one = list[random(list.length)];
  if (one === undefined) throw new Error('Nothing to pick from');
  return one;
};

async function pickRows({ db, random }: Attack, table: string, count: number): Promise<string[]> {
  const { key = '', where = 'true' } = tables[table] ?? {};
  const { rows } = await db.pool.query<{ key: string }>(
    `SELECT (${key})::text AS key FROM ${table} WHERE ${where} ORDER BY 1`,
  );
  const picked = new Set<string>();
  while (picked.size < Math.min(count, rows.length)) picked.add(rows[random(rows.length)]?.key ?? '');
  return [...picked];
}

const others = ['executions', 'execution_steps', 'tool_calls', 'execution_events'];

async function change(attack: Attack): Promise<string> {
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
  if (column === 'kind')
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
    case 'boolean':
      return `NOT ${column}`;
    case 'uuid':
      return 'gen_random_uuid()';
    default:
      return `coalesce(${column}, 0) + ${far}`;
  }
}

async function remove(attack: Attack): Promise<string> {
  const table = pick(
    attack,
    Object.keys(tables).filter((name) => name !== 'audit_head'),
  );
  const { key = '' } = tables[table] ?? {};
  const [row = ''] = await pickRows(attack, table, 1);
  const executionId = await ownerOf(attack, table, row);
  await attack.db.pool.query(`DELETE FROM ${table} WHERE (${key})::text = $1`, [row]);
  if (table === 'executions' && attack.random(2) === 0) {
    // And all that belongs to it.
    for (const other of others.slice(1))
      await attack.db.pool.query(`DELETE FROM ${other} WHERE execution_id = $1`, [row]);
  }
  if (table === 'audit_events' && attack.random(2) === 0) await closeGaps(attack);
  return `${table} ${row}${await cover(attack, table, executionId)}`;
}

async function insert(attack: Attack): Promise<string> {
  const { db, random } = attack;
  const table = pick(
    attack,
    Object.keys(tables).filter((name) => name !== 'audit_head'),
  );
  const { key = '' } = tables[table] ?? {};
  const [row = ''] = await pickRows(attack, table, 1);
  const executionId = await ownerOf(attack, table, row);
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

/** Changes places of what two rows hold. */
async function swap(attack: Attack): Promise<string> {
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

/** Sets the database back by some events, and all that they stand for with them. */
async function rollBack(attack: Attack): Promise<string> {
  const { db, random } = attack;
  const { rows } = await db.pool.query<{ seq: number }>('SELECT max(seq)::int AS seq FROM audit_events');
  const head = rows[0]?.seq ?? 0;
  const to = head - 1 - random(Math.min(head - 1, 1 + random(head)));
  if (random(2) === 0) {
    const gone = `SELECT subject::uuid FROM audit_events WHERE seq > ${to} AND action = 'execution.queued'`;
    for (const table of others.slice(1))
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

/** The execution that a row belongs to. */
async function ownerOf({ db }: Attack, table: string, row: string): Promise<string | undefined> {
  if (table === 'executions') return row;
  if (table === 'execution_steps' || table === 'execution_events') return row.split(' ')[0];
  if (table !== 'tool_calls') return undefined;
  const { rows } = await db.pool.query<{ id: string | null }>(
    'SELECT execution_id AS id FROM tool_calls WHERE id = $1',
    [row],
  );
  return rows[0]?.id ?? undefined;
}

/** Covers the traces, in half of the cases: all hashes that need no key are made to fit. */
async function cover(attack: Attack, table: string, executionId: string | undefined): Promise<string> {
  if (attack.random(2) === 0) return '';
  if (executionId !== undefined) await reseal(attack, executionId);
  else if (table !== 'audit_events') return '';
  await rechain(attack);
  return ', with all hashes made to fit';
}

/** The event of an execution's end as it would be, had the execution been what it is now. */
async function reseal({ db }: Attack, id: string): Promise<void> {
  const row = await db.prisma.execution.findUnique({
    where: { id },
    include: { steps: true, toolCalls: true },
  });
  if (!row) return;
  const { rows } = await db.pool.query<{ hash: string; last: number }>(
    `SELECT max(seq) AS last, encode(sha256(string_agg(sha256(convert_to(jsonb_build_array(
       seq, (extract(epoch FROM at) * 1000)::bigint, step, kind, data)::text, 'UTF8')), ''::bytea ORDER BY seq)), 'hex') AS hash
     FROM execution_events WHERE execution_id = $1`,
    [id],
  );
  const data = finishedDataOf(row, row.steps, row.toolCalls, {
    lastSeq: rows[0]?.last ?? 0,
    hash: rows[0]?.hash ?? null,
  });
  await db.pool.query(
    "UPDATE audit_events SET data = $2 WHERE subject = $1 AND action = 'execution.finished'",
    [id, data],
  );
}

async function closeGaps({ db }: Attack): Promise<void> {
  await db.pool.query(`UPDATE audit_events SET seq = -n FROM
    (SELECT id, row_number() OVER (ORDER BY seq) AS n FROM audit_events) AS one WHERE audit_events.id = one.id`);
  await db.pool.query('UPDATE audit_events SET seq = -seq');
}

/** The whole chain anew, and its head. */
async function rechain({ db, vaultId }: Attack): Promise<void> {
  type Row = {
    seq: string;
    id: string;
    at: Date;
    actor: string;
    action: string;
    subject: string | null;
    data: unknown;
  };
  const { rows } = await db.pool.query<Row>('SELECT * FROM audit_events ORDER BY seq');
  let { chain } = genesisOf(vaultId);
  const links = rows.map((row) => {
    const payloadHash = payloadHashOf(row.data);
    chain = chainOf(chain, leafOf({ ...row, seq: Number(row.seq) }, payloadHash));
    return { seq: row.seq, payloadHash, chain };
  });
  await db.pool.query(
    `UPDATE audit_events SET payload_hash = link.payload_hash, chain = link.chain
     FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS link (seq, payload_hash, chain) WHERE audit_events.seq = link.seq`,
    [links.map((one) => one.seq), links.map((one) => one.payloadHash), links.map((one) => one.chain)],
  );
  await db.pool.query('UPDATE audit_head SET seq = $1, chain = $2', [links.at(-1)?.seq, chain]);
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
