/** Checkpoints in the database, and which of those outside it count. */
import type pg from 'pg';
import { keyAfter, type SignedStatement, type Statement } from './statement.ts';

type Row = {
  number: number;
  kind: 'checkpoint' | 'restored' | 'succession';
  epoch: number;
  seq: string;
  head: Buffer;
  at: Date;
  previous: Buffer | null;
  signature: Buffer;
  from_key: Buffer | null;
  to_key: Buffer | null;
  to_signature: Buffer | null;
};

const columns = 'number, kind, epoch, seq, head, at, previous, signature, from_key, to_key, to_signature';

const signedOf = (row: Row, vmId: string, publicKey: string): SignedStatement => ({
  statement: {
    type: 'alfred-vm/audit/v1',
    kind: row.kind,
    vmId,
    number: row.number,
    epoch: row.epoch,
    seq: Number(row.seq),
    head: row.head.toString('hex'),
    time: row.at.toISOString(),
    previous: row.previous?.toString('hex') ?? null,
    ...(row.from_key === null || row.to_key === null
      ? {}
      : { keys: { from: row.from_key.toString('base64'), to: row.to_key.toString('base64') } }),
  },
  signature: row.signature.toString('base64'),
  publicKey,
  ...(row.to_signature === null ? {} : { toSignature: row.to_signature.toString('base64') }),
});

type Of = { vaultId: string; publicKey: string };

/** All that the database has, in order, each with the key that should have signed it by what the successions say. */
export async function readCheckpoints(db: pg.Pool | pg.ClientBase, of: Of): Promise<SignedStatement[]> {
  const { rows } = await db.query<Row>(`SELECT ${columns} FROM audit_checkpoints ORDER BY number`);
  let key = rows.find(({ from_key }) => from_key !== null)?.from_key?.toString('base64') ?? of.publicKey;
  return rows.map((row) => {
    const signed = signedOf(row, of.vaultId, key);
    key = keyAfter(key, signed);
    return signed;
  });
}

export async function readLastCheckpoint(
  db: pg.Pool | pg.ClientBase,
  of: Of,
): Promise<Statement | undefined> {
  const { rows } = await db.query<Row>(
    `SELECT ${columns} FROM audit_checkpoints ORDER BY number DESC LIMIT 1`,
  );
  return rows[0] && signedOf(rows[0], of.vaultId, of.publicKey).statement;
}

export async function insertCheckpoint(client: pg.ClientBase, signed: SignedStatement): Promise<void> {
  const { kind, number, epoch, seq, head, time, previous, keys } = signed.statement;
  const bytes = (text: string | undefined) => (text === undefined ? null : Buffer.from(text, 'base64'));
  await client.query(
    `INSERT INTO audit_checkpoints (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[number, kind, epoch, seq, Buffer.from(head, 'hex'), time],
      ...[previous === null ? null : Buffer.from(previous, 'hex'), bytes(signed.signature)],
      ...[bytes(keys?.from), bytes(keys?.to), bytes(signed.toSignature)],
    ],
  );
}

/**
 * Those lines of the file that count: a restore takes the place of all that was stated since the moment that was restored.
 */
export function inForce(lines: readonly SignedStatement[]): SignedStatement[] {
  const counted: SignedStatement[] = [];
  for (const line of lines) {
    if (line.statement.kind === 'restored') {
      while ((counted.at(-1)?.statement.number ?? 0) >= line.statement.number) counted.pop();
    }
    counted.push(line);
  }
  return counted;
}
