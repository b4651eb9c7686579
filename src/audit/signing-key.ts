/**
 * The key that signs checkpoints (Ed25519). It is sealed in the config: whoever has the database alone cannot sign. Opened
 * here and nowhere else.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type pg from 'pg';
import type { Database } from '../database/client.ts';
import { openSealed } from '../vault/open.ts';
import type { Place } from '../vault/place.ts';
import type { Vault } from '../vault/vault.ts';

export type SigningKey = {
  /** SubjectPublicKeyInfo, base64. */
  publicKey: string;
  sign(bytes: Uint8Array): Buffer;
};

const key = 'audit_signing_key';
const place: Place = { table: 'config', rowId: key, pointer: '/value' };

/**
 * Opens the key, made at the first call in the life of a VM.
 *
 * @throws AlfredError E_SEALED_VALUE
 */
export async function openSigningKey({ db, vault }: { db: Database; vault: Vault }): Promise<SigningKey> {
  const row = (await db.prisma.config.findUnique({ where: { key } })) ?? (await makeKey({ db, vault }));
  return readKey(openSealed(vault, place, row.value, key));
}

/** Another key, and the value in which the config keeps it. */
export function newSigningKey(vault: Vault): { key: SigningKey; value: string } {
  const text = makePrivateKey();
  return { key: readKey(text), value: vault.seal(place, text, key) };
}

/** Puts another key in place of the one before, in the transaction that hands over to it. */
export async function replaceSigningKey(client: Pick<pg.ClientBase, 'query'>, value: string): Promise<void> {
  await client.query('UPDATE config SET value = $2, updated_at = now() WHERE key = $1', [key, value]);
}

/** @param text PKCS #8 in DER, base64 */
function readKey(text: string): SigningKey {
  const privateKey = createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return {
    publicKey: spki.toString('base64'),
    sign: (bytes) => sign(null, bytes, privateKey),
  };
}

/** Of two programs that make one at once, both get the first. */
async function makeKey({ db, vault }: { db: Database; vault: Vault }): Promise<{ value: string }> {
  const text = makePrivateKey();
  await db.prisma.config.createMany({
    data: [{ key, value: vault.seal(place, text, key) }],
    skipDuplicates: true,
  });
  return db.prisma.config.findUniqueOrThrow({ where: { key } });
}

const makePrivateKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
