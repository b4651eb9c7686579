/** Brings the record outside the database up to date with what a crash kept from it, and sees whether the two agree. */
import type { Database } from '../database/client.ts';
import type { Vault } from '../vault/vault.ts';
import { inForce, readCheckpoints } from './checkpoints.ts';
import type { SigningKey } from './signing-key.ts';
import { isSignedBy, keyAfter, type SignedStatement } from './statement.ts';
import { appendToWitness, confirmHead, readWitness } from './witness.ts';

type Deps = { db: Database; vault: Pick<Vault, 'vaultId'>; home: string; key: SigningKey };

/**
 * Appends the checkpoints that the database has and the file has not: a VM was killed between the two, or the home is a new
 * one. Statements are taken over only when they are signed and go on from the file's last.
 *
 * @returns what contradicts, in words; undefined when the two agree
 */
export async function catchUpWitness({ db, vault, home, key }: Deps): Promise<string | undefined> {
  const { lines, head, next } = await readWitness(home);
  const outside = inForce(lines);
  const inside = await readCheckpoints(db.pool, { vaultId: vault.vaultId, publicKey: key.publicKey });
  const isSame = (a: SignedStatement, b: SignedStatement | undefined) => a.signature === b?.signature;

  // A restore that was written down inside, and not yet outside, takes the place of what was stated after that moment.
  const epochs = lines.map(({ statement }) => statement.epoch);
  const restored = inside.findIndex(
    ({ statement }) => statement.kind === 'restored' && statement.epoch > Math.max(-1, ...epochs),
  );
  const common = restored < 0 ? outside.length : Math.min(outside.length, restored);
  if (outside.slice(0, common).some((line, index) => !isSame(line, inside[index])))
    return 'Checkpoints that stand outside the database are missing or changed in it.';
  const missing = inside.slice(restored < 0 ? common : restored);
  // The first that ever stood outside pins the key; each succession hands over to the next, and the last key is ours.
  let signer = outside[0]?.publicKey ?? inside[0]?.publicKey ?? key.publicKey;
  for (const line of inside.slice(0, inside.length - missing.length)) signer = keyAfter(signer, line);
  for (const line of missing) {
    if (!isSignedBy(signer, line)) return 'The database holds a checkpoint that this VM did not sign.';
    signer = keyAfter(signer, line);
  }
  if (signer !== key.publicKey)
    return 'The key that signs checkpoints is another one than the last that was handed over to.';
  await appendToWitness(home, missing);

  if (restored >= 0) return undefined;
  const now = await readHead(db);
  if (next && isAt(next, now)) {
    // Committed, and killed before that was noted.
    await confirmHead(home);
    return undefined;
  }
  if (head === undefined || isAt(head, now)) return undefined;
  return `The audit chain was at event ${head.statement.seq} when this VM last wrote to it, and is not now.`;
}

type At = { seq: number; chain: string };

export const isAt = ({ statement }: SignedStatement, { seq, chain }: At): boolean =>
  statement.seq === seq && statement.head === chain;

async function readHead(db: Database): Promise<At> {
  const { rows } = await db.pool.query<{ seq: string; chain: string }>(
    "SELECT seq, encode(chain, 'hex') AS chain FROM audit_head",
  );
  return { seq: Number(rows[0]?.seq ?? 0), chain: rows[0]?.chain ?? '' };
}
