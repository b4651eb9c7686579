/**
 * Where the root key (VM_ENCRYPTION_SECRET) comes from. It is never in the database, and never leaves this machine by our
 * doing. Sources in order: systemd credential, file, environment.
 */
import { hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { AlfredError } from '../kernel/errors.ts';
import type { Settings } from '../kernel/settings.ts';

export type RootKeySource = 'credential' | 'file' | 'environment';

export type RootKey = {
  key: Buffer;
  source: RootKeySource;
  /** The file that it was read from, if it was one. */
  file: string | undefined;
  /** Eight hexadecimal characters that name the key and say nothing of it. */
  fingerprint: string;
};

const keyLength = 32;

/** The name of a root key: four bytes derived from it. */
export const fingerprintOfRootKey = (key: Buffer): string =>
  Buffer.from(hkdfSync('sha512', key, Buffer.alloc(0), 'alfred-vm/root-key-fingerprint/v1', 4)).toString(
    'hex',
  );

/** The file in which this VM keeps its root key, unless the environment names another. */
export const rootKeyFile = ({ home, rootKey }: Pick<Settings, 'home' | 'rootKey'>): string =>
  rootKey.file ?? path.join(home, 'keys', 'vm_encryption_secret');

/**
 * Reads base64 or base64url of 32 bytes, padded or not; undefined for anything else.
 * Node's decoder ignores junk, so the text is encoded again and compared.
 */
export function decodeRootKey(text: string): Buffer | undefined {
  const trimmed = text.trim();
  const bytes = Buffer.from(trimmed, 'base64');
  const forms = [bytes.toString('base64'), bytes.toString('base64url')].flatMap((form) => [
    form,
    form.replace(/=+$/, ''),
  ]);
  return bytes.length === keyLength && forms.includes(trimmed) ? bytes : undefined;
}

/**
 * Finds the root key.
 *
 * @returns undefined when no source has one
 * @throws AlfredError E_KEY_SOURCES_DISAGREE, E_KEY_UNSAFE (readable by others, or no key in it)
 */
export async function findRootKey(
  settings: Pick<Settings, 'home' | 'rootKey'>,
): Promise<RootKey | undefined> {
  const { credentialsDirectory, value } = settings.rootKey;
  const file = rootKeyFile(settings);
  const credential = credentialsDirectory && path.join(credentialsDirectory, 'vm_encryption_secret');
  const found = [
    credential ? readKey('credential', credential, await readIfThere(credential)) : undefined,
    readKey('file', file, await readSafely(file)),
    readKey('environment', 'VM_ENCRYPTION_SECRET', value),
  ].filter((key) => key !== undefined);

  const [first, ...others] = found;
  const other = others.find((key) => first && !timingSafeEqual(key.key, first.key));
  if (first && other) {
    throw new AlfredError(
      'E_KEY_SOURCES_DISAGREE',
      `Two root keys were found: ${first.source} has ${first.fingerprint}, ${other.source} has ${other.fingerprint}.`,
      { remedy: 'Keep the one that this VM was provisioned with, and remove the other from its source.' },
    );
  }
  return first;
}

/**
 * Makes a root key and keeps it in the file (0600, in a folder of 0700), on disk before this returns.
 *
 * @param given a key that comes from elsewhere, such as the founding document's `plain:` row
 */
export async function createRootKey(
  settings: Pick<Settings, 'home' | 'rootKey'>,
  given: Buffer = randomBytes(keyLength),
): Promise<RootKey> {
  const file = rootKeyFile(settings);
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const fresh = `${file}.new`;
  const handle = await open(fresh, 'w', 0o600);
  try {
    await handle.writeFile(`${given.toString('base64')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
  return { key: given, source: 'file', file, fingerprint: fingerprintOfRootKey(given) };
}

function readKey(source: RootKeySource, place: string, text: string | undefined): RootKey | undefined {
  if (text === undefined) return undefined;
  const key = decodeRootKey(text);
  if (!key) {
    throw new AlfredError('E_KEY_UNSAFE', `${place} does not hold a root key.`, {
      remedy: `A root key is the base64 text of ${keyLength} bytes, such as: head -c 32 /dev/urandom | base64`,
    });
  }
  return {
    key,
    source,
    file: source === 'environment' ? undefined : place,
    fingerprint: fingerprintOfRootKey(key),
  };
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(file, error);
  }
}

/** Reads the key file after looking at who else could. */
async function readSafely(file: string): Promise<string | undefined> {
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  const { mode, uid } = await stat(file);
  if ((mode & 0o077) !== 0) {
    throw new AlfredError('E_KEY_UNSAFE', `Others can read the root key in ${file}.`, {
      remedy: `Run: chmod 600 ${file}. If others may have read it, rotate the key.`,
    });
  }
  const self = process.getuid?.();
  if (self !== undefined && uid !== self && uid !== 0) {
    throw new AlfredError('E_KEY_UNSAFE', `The root key in ${file} belongs to another user (${uid}).`, {
      remedy: `Run as that user, or: chown ${self} ${file}`,
    });
  }
  return text;
}

const unreadable = (file: string, cause: unknown) =>
  new AlfredError('E_KEY_UNSAFE', `The root key in ${file} cannot be read.`, {
    remedy: 'Run as the user who owns it.',
    cause,
  });
