/** Which root key a backup's secrets open with, and whether it is at hand. */
import { readFile } from 'node:fs/promises';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import { rootKeyFromWords } from '../vault/recovery.ts';
import { decodeRootKey, findRootKey, fingerprintOfRootKey, type KeySettings } from '../vault/root-key.ts';
import { isKeyOf } from './backup-format.ts';
import type { OpenBackup } from './open-backup.ts';

export type FoundKey = {
  key: Buffer;
  /** The home or its environment has it: a VM that starts there finds it by itself. */
  isInPlace: boolean;
};

/**
 * Looks in the backup itself, in the file that is named, and where a VM on this home would look.
 *
 * @returns undefined when the key is in none of these
 * @throws AlfredError E_WRONG_KEY when the file, or the environment, has another one; E_KEY_UNSAFE
 */
export async function findKeyFor(
  { header }: OpenBackup,
  settings: KeySettings,
  keyFile: string | undefined,
): Promise<FoundKey | undefined> {
  const inPlace = await findRootKey(settings);
  const given =
    header?.key !== undefined
      ? decodeRootKey(header.key)
      : keyFile === undefined
        ? undefined
        : await readKeyFile(keyFile);
  const key = given ?? inPlace?.key;
  const { file, value, credentialsDirectory } = settings.rootKey;
  const isNamed = (file ?? value ?? credentialsDirectory) !== undefined;
  if (isNamed && inPlace && header && !isKeyOf(header, inPlace.fingerprint)) {
    throw wrongKey(inPlace.fingerprint, header.rootKey, `the ${inPlace.source} that the environment names`);
  }
  if (!key) return undefined;
  const fingerprint = fingerprintOfRootKey(key);
  if (header && !isKeyOf(header, fingerprint)) {
    // The home's own key may be another VM's, which makes way with the rest of it.
    if (given === undefined) return undefined;
    throw wrongKey(fingerprint, header.rootKey, keyFile ?? 'the backup');
  }
  return { key, isInPlace: inPlace?.fingerprint === fingerprint };
}

/** @throws AlfredError E_WRONG_KEY when `key` is not the one of the backup */
export function checkKeyFor({ header }: OpenBackup, key: Buffer): void {
  const fingerprint = fingerprintOfRootKey(key);
  if (header && !isKeyOf(header, fingerprint)) throw wrongKey(fingerprint, header.rootKey, 'the words');
}

/** The key itself, as a home keeps it, or its 24 words. */
async function readKeyFile(file: string): Promise<Buffer> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AlfredError('E_KEY_UNSAFE', `The key file cannot be read: ${messageOf(cause)}`, { cause });
  });
  const key = decodeRootKey(text);
  if (key) return key;
  try {
    return rootKeyFromWords(text);
  } catch (cause) {
    throw new AlfredError('E_KEY_UNSAFE', `${file} holds neither a root key nor its 24 words.`, {
      remedy: 'Name the file that held it: keys/vm_encryption_secret of the home, or a copy.',
      cause,
    });
  }
}

const wrongKey = (found: string, expected: string, where: string) =>
  new AlfredError(
    'E_WRONG_KEY',
    `The backup's secrets are sealed under the root key ${expected}, and ${where} has ${found}. Nothing was changed.`,
    { remedy: `Give the key ${expected}: its 24 words, or its file.` },
  );
