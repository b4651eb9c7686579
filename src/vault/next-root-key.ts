/** The root key that is to come, while it changes: in a file of the home beside the one in use, until it takes its place. */
import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { syncToDisk, writeWhole } from '../kernel/write-whole.ts';
import {
  fingerprintOfRootKey,
  type KeySettings,
  type RootKey,
  readKeyFile,
  rootKeyFile,
} from './root-key.ts';

/** Where it stands (0600). */
export const nextKeyFile = ({ home }: Pick<KeySettings, 'home'>): string =>
  path.join(home, 'keys', 'vm_encryption_secret.next');

/** Makes it; it is on disk before this returns. One that was there is replaced. */
export async function makeNextKey(settings: KeySettings): Promise<RootKey> {
  const file = nextKeyFile(settings);
  const key = randomBytes(32);
  await writeWhole(file, (unfinished) =>
    writeFile(unfinished, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' }),
  );
  return { key, source: 'file', file, fingerprint: fingerprintOfRootKey(key) };
}

/** @throws AlfredError E_KEY_UNSAFE */
export const readNextKey = (settings: KeySettings): Promise<RootKey | undefined> =>
  readKeyFile(nextKeyFile(settings));

/** Puts it in the place of the one in use; on disk before this returns. The other is gone then. */
export async function moveNextKey(settings: KeySettings): Promise<void> {
  const file = rootKeyFile(settings);
  await rename(nextKeyFile(settings), file);
  await syncToDisk(path.dirname(file));
}

export const removeNextKey = (settings: KeySettings): Promise<void> =>
  rm(nextKeyFile(settings), { force: true });
