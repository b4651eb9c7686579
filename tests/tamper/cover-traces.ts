/** Hiding what was done: all that can be computed without the key is computed anew. */
import { chainOf, genesisOf, leafOf, payloadHashOf } from '../../src/audit/chain.ts';
import { finishedDataOf } from '../../src/audit/execution-record.ts';
import type { Attack } from './attack.ts';

/** Covers the traces, in half of the cases: all hashes that need no key are made to fit. */
export async function cover(attack: Attack, table: string, executionId: string | undefined): Promise<string> {
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
     FROM all_events WHERE execution_id = $1`,
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
