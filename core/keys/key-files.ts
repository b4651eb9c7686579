/**
 * Core's signing key: `$CORE_HOME/keys/signing.json` (0600), never in the database. Beside the private key the file has the
 * keys that were before it, public halves alone, and the statements by which each named the next.
 */
import { constants } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AlfredError } from '../../src/kernel/errors.ts';
import { newId } from '../../src/kernel/ids.ts';

const keyFileSchema = z.strictObject({
  /** PKCS #8, PEM, Ed25519. */
  privateKey: z.string().startsWith('-----BEGIN PRIVATE KEY-----'),
  /** SPKI, PEM; the oldest first. */
  retired: z.array(z.strictObject({ publicKey: z.string(), retiredAt: z.iso.datetime() })),
  /** Compact JWS; the oldest first. */
  succession: z.array(z.string()),
});
export type KeyFile = z.output<typeof keyFileSchema>;

export const keyFileOf = (home: string): string => path.join(home, 'keys', 'signing.json');

/**
 * Reads the key file; undefined when there is none.
 *
 * @throws AlfredError E_KEY_UNSAFE when others can read it, or when it holds no key
 */
export async function readKeyFile(home: string): Promise<KeyFile | undefined> {
  const file = keyFileOf(home);
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw unsafe(file, 'it cannot be opened, or is a link', error);
  });
  if (!handle) return undefined;
  try {
    const { mode } = await handle.stat();
    if ((mode & 0o077) !== 0) throw unsafe(file, 'other users of this machine can read it');
    const text = await handle.readFile('utf8');
    try {
      return keyFileSchema.parse(JSON.parse(text));
    } catch (cause) {
      // The cause may quote the key.
      throw unsafe(file, `it holds no key (${cause instanceof Error ? cause.name : 'unreadable'})`);
    }
  } finally {
    await handle.close();
  }
}

/** Written beside and renamed, on disk before it counts, so that a crash leaves the old file or the new one. */
export async function writeKeyFile(home: string, keys: KeyFile): Promise<void> {
  const file = keyFileOf(home);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${newId()}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(keyFileSchema.parse(keys), null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

const unsafe = (file: string, why: string, cause?: unknown): AlfredError =>
  new AlfredError('E_KEY_UNSAFE', `Core's signing key ${file} is not safe: ${why}`, {
    remedy: 'Put back a good copy, readable by its owner alone (chmod 600). VMs trust this key and no other.',
    cause,
  });
