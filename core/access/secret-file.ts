/** A secret in a file of Core's home that its owner alone can read. */
import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { AlfredError } from '../../src/kernel/errors.ts';

export type SecretOfFile = {
  /** What a person calls the secret. */
  what: string;
  /** Whether the file's text is such a secret; where it is not, one is made anew. */
  isGood(text: string): boolean;
  make(): string;
};

/** Reads it, making it (0600) where it is not there. @throws AlfredError E_KEY_UNSAFE when others can read the file */
export async function secretFile(file: string, { what, isGood, make }: SecretOfFile): Promise<string> {
  const kept = await readSecret(file, what);
  if (kept !== undefined && isGood(kept)) return kept;
  const secret = make();
  const handle = await open(file, constants.O_CREAT | constants.O_TRUNC | constants.O_WRONLY, 0o600);
  try {
    await handle.writeFile(`${secret}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return secret;
}

async function readSecret(file: string, what: string): Promise<string | undefined> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!handle) return undefined;
  try {
    if (((await handle.stat()).mode & 0o077) !== 0) {
      throw new AlfredError('E_KEY_UNSAFE', `The ${what} ${file} can be read by others`, {
        remedy: 'Remove the file; the next start makes a new one.',
      });
    }
    return (await readFile(handle, 'utf8')).trim();
  } finally {
    await handle.close();
  }
}
