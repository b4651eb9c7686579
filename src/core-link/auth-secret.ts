/** `vm_auth_secret`: by it Core knows this VM. Core keeps a bcrypt hash of it, made here. */
import { randomBytes } from 'node:crypto';
import { hash } from 'bcryptjs';
import { configPlace } from '../config/put-config.ts';
import type { Database, Transaction } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { recordSecretUses } from '../secrets/record-secret-uses.ts';
import { openSealed } from '../vault/open.ts';
import type { Vault } from '../vault/vault.ts';

const rowId = 'vm_auth_secret';

/** 256 random bits need no slow hash; one given by hand may. */
const cost = 10;

/** @throws AlfredError E_SEALED_VALUE */
export async function openAuthSecret({ db, vault }: { db: Database; vault: Vault }): Promise<string> {
  const { value } = await db.prisma.config.findUniqueOrThrow({ where: { key: rowId } });
  const secrets = [{ place: configPlace(rowId), label: rowId }];
  await recordSecretUses(db, { secrets, destination: 'Alfred Core' });
  return openSealed(vault, configPlace(rowId), value, rowId);
}

/** @throws AlfredError E_VALIDATION for one that bcrypt would cut */
export function hashAuthSecret(secret: string): Promise<string> {
  if (Buffer.byteLength(secret) <= 72) return hash(secret, cost);
  throw new AlfredError(
    'E_VALIDATION',
    'The vm_auth_secret of this VM is longer than the 72 bytes of bcrypt.',
    {
      remedy: 'Delete that config row; the next start makes a new one.',
    },
  );
}

/** A new secret: whoever knew the last one is nobody to the next Core. */
export async function renewAuthSecret(tx: Transaction, vault: Vault): Promise<void> {
  const value = vault.seal(configPlace(rowId), randomBytes(32).toString('base64url'), rowId);
  await tx.config.update({ where: { key: rowId }, data: { value } });
}
