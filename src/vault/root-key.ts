/**
 * Where the root key (VM_ENCRYPTION_SECRET) comes from. It is never in the database, and never leaves this machine by our
 * doing. Sources in order: systemd credential, file, environment.
 */
import { hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AlfredError } from '../kernel/errors.ts';
import { makeFolder } from '../kernel/make-folder.ts';
import type { Settings } from '../kernel/settings.ts';

/** Where this VM looks for its root key. */
export type KeySettings = Pick<Settings, 'home' | 'rootKey'>;

export type RootKeySource = 'credential' | 'file' | 'environment';

export type RootKey = {
  key: Buffer;
  source: RootKeySource;
  /** The file that it was read from, if it was one. */
  file: string | undefined;
  /** Eight hexadecimal characters that name the key and say nothing of it. */
  fingerprint: string;
};

/** What its file and its credential are called. */
export const rootKeyName = 'vm_encryption_secret';
const keyLength = 32;
/** No file that holds a key is longer. */
const longestFile = 4096;

/** The name of a root key: four bytes derived from it. */
export const fingerprintOfRootKey = (key: Buffer): string =>
  Buffer.from(hkdfSync('sha512', key, Buffer.alloc(0), 'alfred-vm/root-key-fingerprint/v1', 4)).toString(
    'hex',
  );

/** The file in which this VM keeps its root key, unless the environment names another. */
export const rootKeyFile = ({ home, rootKey }: KeySettings): string =>
  rootKey.file ?? path.join(home, 'keys', rootKeyName);

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
export async function findRootKey(settings: KeySettings): Promise<RootKey | undefined> {
  const found = await listRootKeys(settings);
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
 * The root key of every source that has one, in the order of the sources; they may differ.
 *
 * @throws AlfredError E_KEY_UNSAFE (readable by others, or no key in it)
 */
export async function listRootKeys(settings: KeySettings): Promise<RootKey[]> {
  const { credentialsDirectory, value } = settings.rootKey;
  const credential = credentialsDirectory && path.join(credentialsDirectory, rootKeyName);
  const found = [
    // systemd mounts credentials read-only for the service alone, under modes and owners of its own.
    credential ? readKey('credential', credential, await readIfThere(credential)) : undefined,
    await readKeyFile(rootKeyFile(settings)),
    readKey('environment', 'VM_ENCRYPTION_SECRET', value),
  ];
  return found.filter((key) => key !== undefined);
}

/**
 * The root key in a file; undefined when there is no file.
 *
 * @throws AlfredError E_KEY_UNSAFE (readable by others, or no key in it)
 */
export async function readKeyFile(file: string): Promise<RootKey | undefined> {
  return readKey('file', file, await readIfThere(file, refuseOpenToOthers));
}

/**
 * Makes a root key and keeps it in the file (0600, in a folder of 0700), on disk before this returns. A file that is there
 * already is never replaced.
 *
 * @param given a key that comes from elsewhere: the founding document's `plain:` row, or the recovery words
 * @throws AlfredError E_CONFLICT when the file has come to be in the meantime
 */
export async function createRootKey(
  settings: KeySettings,
  given: Buffer = randomBytes(keyLength),
): Promise<RootKey> {
  const file = rootKeyFile(settings);
  const folder = path.dirname(file);
  await makeFolder(folder);
  const fresh = `${file}.${process.pid}.new`;
  await rm(fresh, { force: true }); // what a process of this number left when it was killed
  const handle = await open(fresh, 'wx', 0o600);
  try {
    await handle.writeFile(`${given.toString('base64')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await moveIfFree(fresh, file);
  } finally {
    await rm(fresh, { force: true });
  }
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
  return { key: given, source: 'file', file, fingerprint: fingerprintOfRootKey(given) };
}

/** A second name refuses to replace, as renaming would not; some file systems know no second names. */
async function moveIfFree(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new AlfredError('E_CONFLICT', `${to} was made by another program just now.`, {
        remedy: 'Start again: the key that is there will be used.',
        cause: error,
      });
    }
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    await rename(from, to);
  }
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

/**
 * The text of a file; undefined when there is none.
 *
 * @param check looks at the very file that is read, before it is
 */
async function readIfThere(
  file: string,
  check: (file: string, stats: Stats) => void = () => {},
): Promise<string | undefined> {
  let handle: FileHandle;
  try {
    // Without waiting: a named pipe would never open.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(file, error);
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile() || stats.size > longestFile) throw unreadable(file);
    check(file, stats);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/** @throws AlfredError E_KEY_UNSAFE when somebody else could read or change the key */
function refuseOpenToOthers(file: string, { mode, uid }: Stats): void {
  if ((mode & 0o077) !== 0) {
    throw new AlfredError('E_KEY_UNSAFE', `Others can read the root key in ${file}.`, {
      remedy: `Run: chmod 600 ${file}. If others may have read it, change the key then: npx alfred key rotate --root`,
    });
  }
  const self = process.getuid?.();
  if (self !== undefined && uid !== self && uid !== 0) {
    throw new AlfredError('E_KEY_UNSAFE', `The root key in ${file} belongs to another user (${uid}).`, {
      remedy: `Run as that user, or: chown ${self} ${file}`,
    });
  }
}

const unreadable = (file: string, cause?: unknown) =>
  new AlfredError('E_KEY_UNSAFE', `The root key in ${file} cannot be read.`, {
    remedy: 'It must be a file of its own, and belong to the user who runs this program.',
    cause,
  });
