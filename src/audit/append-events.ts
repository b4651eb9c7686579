/** Moves committed acts from the inbox into the chain, a batch in one transaction. */
import type pg from 'pg';
import { inTransaction } from '../database/in-transaction.ts';
import { chainOf, genesisOf, type Link, leafOf, payloadHashOf } from './chain.ts';

/** Events of a batch: some milliseconds of work. */
const batchSize = 1000;

export type Head = Link & { epoch: number };

type InboxRow = {
  id: string;
  at: Date;
  actor: string;
  action: string;
  subject: string | null;
  data: unknown;
};

export type Appended = {
  /** As it was under the lock, before this batch. */
  before: Head;
  after: Head;
  /** Whether more may be waiting. */
  isFull: boolean;
};

/**
 * Appends up to 1,000 of the acts that are waiting, in the order in which they were made. The head row is locked
 * meanwhile, so that two processes take turns; no act waits for it.
 *
 * @param more written in the same transaction, under the same lock
 */
export async function appendEvents(
  pool: pg.Pool,
  vaultId: string,
  more?: (client: pg.ClientBase, appended: Appended) => Promise<void>,
): Promise<Appended> {
  return inTransaction(pool, async (client) => {
    const before = await lockHead(client, vaultId);
    const { rows } = await client.query<InboxRow>(
      `SELECT id, at, actor, action, subject, data FROM audit_inbox ORDER BY id LIMIT ${batchSize}`,
    );
    const after = rows.length === 0 ? before : await append(client, before, rows);
    const appended = { before, after, isFull: rows.length === batchSize };
    await more?.(client, appended);
    return appended;
  });
}

/** The head, made at the first call in the life of a database. */
async function lockHead(client: pg.ClientBase, vaultId: string): Promise<Head> {
  const genesis = genesisOf(vaultId);
  const read = () =>
    client.query<{ seq: string; chain: Buffer; epoch: number }>(
      'SELECT seq, chain, epoch FROM audit_head FOR UPDATE',
    );
  let [row] = (await read()).rows;
  if (!row) {
    await client.query(
      'INSERT INTO audit_head (seq, chain) SELECT 0, $1 WHERE NOT EXISTS (SELECT FROM audit_events) ON CONFLICT DO NOTHING',
      [genesis.chain],
    );
    [row] = (await read()).rows;
  }
  if (!row) throw new Error('The audit chain has events and no head');
  return { seq: Number(row.seq), chain: row.chain, epoch: row.epoch };
}

async function append(client: pg.ClientBase, before: Head, rows: InboxRow[]): Promise<Head> {
  let { seq, chain } = before;
  const links = rows.map((row) => {
    seq += 1;
    const payloadHash = payloadHashOf(row.data);
    chain = chainOf(chain, leafOf({ ...row, seq }, payloadHash));
    return { seq, id: row.id, payloadHash, chain };
  });
  const { rowCount } = await client.query(
    `INSERT INTO audit_events (seq, id, at, actor, action, subject, data, payload_hash, chain)
     SELECT link.seq, id, at, actor, action, subject, data, link.payload_hash, link.chain
     FROM unnest($1::bigint[], $2::uuid[], $3::bytea[], $4::bytea[]) AS link (seq, id, payload_hash, chain)
     JOIN audit_inbox USING (id)`,
    [
      links.map((link) => link.seq),
      links.map((link) => link.id),
      links.map((link) => link.payloadHash),
      links.map((link) => link.chain),
    ],
  );
  if (rowCount !== links.length) throw new Error('Acts left the inbox while they were being chained');
  await client.query('DELETE FROM audit_inbox WHERE id = ANY($1::uuid[])', [links.map((link) => link.id)]);
  await client.query('UPDATE audit_head SET seq = $1, chain = $2', [seq, chain]);
  return { ...before, seq, chain };
}
