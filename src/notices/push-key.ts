/**
 * The key by which browsers know this VM (VAPID, RFC 8292): each subscribes with its public half, and its push service takes nothing that
 * another signed. It is made once in the life of a VM, and sealed in the config.
 */
import { createECDH } from 'node:crypto';
import { configPlace } from '../config/put-config.ts';
import type { Database } from '../database/client.ts';
import type { Settings } from '../kernel/settings.ts';
import type { Place } from '../vault/place.ts';
import type { Vault } from '../vault/vault.ts';
import { openPushKey, pushKeyRow } from './open-channel.ts';

type KeyDeps = { db: Database; vault: Vault };

/** Both halves in base64url: a point of P-256, and 32 bytes. */
export type PushKey = { publicKey: string; privateKey: string };

const curve = 'prime256v1';
const privateBytes = 32;

/** Opens the key, made at the first call in the life of a VM. @throws AlfredError E_SEALED_VALUE */
export async function readPushKey({ db, vault }: KeyDeps): Promise<PushKey> {
  const row =
    (await db.prisma.config.findUnique({ where: { key: pushKeyRow } })) ?? (await makeKey({ db, vault }));
  const privateKey = openPushKey(vault, row.value);
  const pair = createECDH(curve);
  pair.setPrivateKey(privateKey, 'base64url');
  return { publicKey: pair.getPublicKey('base64url'), privateKey };
}

/** Of two programs that make one at once, both get the first. */
async function makeKey({ db, vault }: KeyDeps): Promise<{ value: string }> {
  const pair = createECDH(curve);
  pair.generateKeys();
  // Node leaves out zeros at its beginning, and a push service counts bytes.
  const bytes = Buffer.alloc(privateBytes);
  const shorter = pair.getPrivateKey();
  shorter.copy(bytes, privateBytes - shorter.length);
  const value = vault.seal(configPlace(pushKeyRow), bytes.toString('base64url'), pushKeyRow);
  await db.prisma.config.createMany({ data: [{ key: pushKeyRow, value }], skipDuplicates: true });
  return db.prisma.config.findUniqueOrThrow({ where: { key: pushKeyRow } });
}

/** Whom a push service may write to about what it is sent: it wants an address, and no owner's is told to it unasked. */
const nobody = 'mailto:nobody@alfred.invalid';

/** What a message to a browser is signed with, and which secrets of the vault that takes. */
export async function identityOf({
  db,
  vault,
  settings,
}: KeyDeps & { settings: Pick<Settings, 'publicUrl'> }): Promise<{
  values: Record<string, string>;
  secrets: { place: Place; label: string }[];
}> {
  const { publicUrl } = settings;
  return {
    values: {
      ...(await readPushKey({ db, vault })),
      subject: publicUrl?.startsWith('https:') ? publicUrl : nobody,
    },
    secrets: [{ place: configPlace(pushKeyRow), label: pushKeyRow }],
  };
}
