/** Checkpoints in the database, and which of those outside it count. */
import type pg from 'pg';
import type { SignedStatement, Statement } from './statement.ts';

type Row = {
  number: number;
  kind: 'checkpoint' | 'restored';
  epoch: number;
  seq: string;
  head: Buffer;
  at: Date;
  previous: Buffer | null;
  signature: Buffer;
};

const columns = 'number, kind, epoch, seq, head, at, previous, signature';

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
  },
  signature: row.signature.toString('base64'),
  publicKey,
});

type Of = { vaultId: string; publicKey: string };

/** All that the database has, in order. */
export async function readCheckpoints(db: pg.Pool | pg.ClientBase, of: Of): Promise<SignedStatement[]> {
  const { rows } = await db.query<Row>(`SELECT ${columns} FROM audit_checkpoints ORDER BY number`);
  return rows.map((row) => signedOf(row, of.vaultId, of.publicKey));
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
  const { kind, number, epoch, seq, head, time, previous } = signed.statement;
  await client.query(`INSERT INTO audit_checkpoints (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, [
    ...[number, kind, epoch, seq, Buffer.from(head, 'hex'), time],
    ...[previous === null ? null : Buffer.from(previous, 'hex'), Buffer.from(signed.signature, 'base64')],
  ]);
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
