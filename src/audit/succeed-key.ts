/**
 * The key that signs checkpoints is followed by another: the old one signs its last statement, which names the new one, and the new
 * one signs the same. What the old one signed stays checkable by the public key that the statements name; what it signs from then on
 * counts no more.
 */
import type { Database } from '../database/client.ts';
import { sha256 } from '../kernel/hash.ts';
import { newId } from '../kernel/ids.ts';
import type { Vault } from '../vault/vault.ts';
import { appendEvents } from './append-events.ts';
import { insertCheckpoint, readLastCheckpoint } from './checkpoints.ts';
import { headStatement, successionStatement } from './seal-head.ts';
import { newSigningKey, openSigningKey, replaceSigningKey } from './signing-key.ts';
import type { SignedStatement } from './statement.ts';
import { announceHead, appendToWitness, confirmHead } from './witness.ts';

export type KeySuccession = {
  /** The first 16 hex digits of the SHA-256 of each public key. */
  from: string;
  to: string;
  /** Of the statement that hands over. */
  number: number;
};

/** Its caller sees to it that nothing else is chained meanwhile. @throws AlfredError E_SEALED_VALUE; what the database throws */
export async function succeedSigningKey(
  { db, vault, home }: { db: Database; vault: Vault; home: string },
  actor: string,
): Promise<KeySuccession> {
  const from = await openSigningKey({ db, vault });
  const { key: to, value } = newSigningKey(vault);
  const named = { from: fingerprintOf(from.publicKey), to: fingerprintOf(to.publicKey) };
  let signed: SignedStatement | undefined;
  await appendEvents(db.pool, vault.vaultId, async (client, { after }) => {
    const last = await readLastCheckpoint(client, { vaultId: vault.vaultId, publicKey: from.publicKey });
    signed = successionStatement({ vault, from, to }, after, last);
    await insertCheckpoint(client, signed);
    await replaceSigningKey(client, value);
    await client.query(
      `INSERT INTO audit_inbox (id, actor, action, data) VALUES ($1, $2, 'audit.key_succeeded', $3)`,
      [newId(), actor, { ...named, number: signed.statement.number }],
    );
    await announceHead(home, headStatement({ vault, key: to }, after, signed.statement));
  });
  if (signed === undefined) throw new Error('The succession was not written down');
  await appendToWitness(home, [signed]);
  await confirmHead(home);
  return { ...named, number: signed.statement.number };
}

const fingerprintOf = (publicKey: string): string =>
  sha256(Buffer.from(publicKey, 'base64')).toString('hex').slice(0, 16);
