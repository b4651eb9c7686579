/** The home: whose it is, who else may look, and whether the root key is where it should be. */
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import type { Settings } from '../../kernel/settings.ts';
import type { Finding } from './check.ts';

type Look = { mode: number; uid: number; isDirectory: boolean } | undefined;

async function look(file: string): Promise<Look> {
  try {
    const found = await lstat(file);
    return { mode: found.mode & 0o777, uid: found.uid, isDirectory: found.isDirectory() };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

/** What is wrong with a private file or folder, or undefined. */
function complaint(
  file: string,
  found: Exclude<Look, undefined>,
): Pick<Finding, 'message' | 'remedy'> | undefined {
  if (found.uid !== process.getuid?.()) {
    return {
      message: `${file} belongs to another user`,
      remedy: `run Alfred as its owner, or: chown -R "$USER" ${file}`,
    };
  }
  if ((found.mode & 0o077) !== 0) {
    return {
      message: `others may look into ${file} (its mode is ${octal(found.mode)})`,
      remedy: `chmod ${found.isDirectory ? '700' : '600'} ${file}`,
    };
  }
  return undefined;
}

export async function checkHome(home: string): Promise<Finding> {
  const found = await look(home);
  if (!found)
    return { id: 'home', state: 'warn', message: `${home} is not there yet; the first start makes it` };
  const wrong = complaint(home, found);
  return wrong ? { id: 'home', state: 'bad', ...wrong } : { id: 'home', state: 'good', message: home };
}

/** What else in the home is its owner's alone: the owner's token, the folder of keys, the database. */
export async function checkFiles(home: string): Promise<Finding> {
  const id = 'files';
  for (const name of ['cli-token', 'keys', 'postgres', 'backups', 'runs']) {
    const file = path.join(home, name);
    const found = await look(file);
    // Where PostgreSQL runs as another user, its folder is that user's.
    const wrong =
      found && !(name === 'postgres' && found.uid !== process.getuid?.())
        ? complaint(file, found)
        : undefined;
    if (wrong) return { id, state: 'bad', ...wrong };
  }
  return { id, state: 'good', message: 'the token, the keys and the database are yours alone' };
}

/** Where the root key is; says nothing of its value. */
export async function checkKey({ home, rootKey }: Settings): Promise<Finding> {
  const id = 'key';
  if (rootKey.credentialsDirectory !== undefined) {
    const credential = path.join(rootKey.credentialsDirectory, 'vm_encryption_secret');
    if (await look(credential)) return { id, state: 'good', message: `systemd credential ${credential}` };
  }
  const file = rootKey.file ?? path.join(home, 'keys', 'vm_encryption_secret');
  const found = await look(file);
  if (found) {
    const wrong = complaint(file, found);
    return wrong ? { id, state: 'bad', ...wrong } : { id, state: 'good', message: `${file}, yours alone` };
  }
  if (rootKey.value !== undefined) {
    return {
      id,
      state: 'warn',
      message: 'from VM_ENCRYPTION_SECRET; processes of the same user can read a process’s environment',
      remedy: `put it into ${file} (mode 0600) and unset the variable`,
    };
  }
  const isProvisioned = (await look(path.join(home, 'postgres'))) !== undefined;
  if (!isProvisioned) return { id, state: 'good', message: 'none yet; the first start makes one' };
  return {
    id,
    state: 'bad',
    message: `${file} is not there, and no other source names a root key`,
    remedy: 'put the key back from your recovery words or a backup; without it nothing sealed can be opened',
  };
}
