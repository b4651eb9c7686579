/** The owner's own token: `$ALFRED_HOME/cli-token`, for the command line and for scripts on the same machine. */
import { constants } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import path from 'node:path';
import { scopes } from '../../contract/common.ts';
import { ownerTokenName } from '../../contract/owner-token.ts';
import type { Database } from '../../database/client.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { hashOfSecret, isSecretText, newSecretText } from '../../kernel/secret-text.ts';
import type { Redactor } from '../../vault/redact.ts';
import { rowGuardOf } from '../../vault/row-guard.ts';
import { revoked, signedToken, tokenPrefix } from './tokens.ts';

export type OwnerToken = {
  file: string;
  /** True when there was none that could be used, and a new one was written. */
  isNew: boolean;
};

/**
 * Sees that the owner's token is there and works, with all scopes. It is redacted from then on, as any tool that can read
 * the home could print it.
 *
 * @throws AlfredError E_KEY_UNSAFE when another user can read the file, or owns it
 */
export async function ensureOwnerToken(home: string, db: Database, redactor?: Redactor): Promise<OwnerToken> {
  const file = path.join(home, 'cli-token');
  const kept = await readToken(file);
  if (kept !== undefined && (await isUsable(db, kept))) {
    redactor?.register(ownerTokenName, kept);
    return { file, isNew: false };
  }
  const token = newSecretText(tokenPrefix);
  redactor?.register(ownerTokenName, token);
  await writeToken(file, token);
  await insert(db, token);
  return { file, isNew: true };
}

async function readToken(file: string): Promise<string | undefined> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw unsafe(file, 'it cannot be opened, or is a link', error);
  }
  try {
    const { mode, uid } = await handle.stat();
    if ((mode & 0o077) !== 0) throw unsafe(file, 'other users of this machine can read it');
    if (process.getuid && uid !== process.getuid()) throw unsafe(file, 'it belongs to another user');
    const text = (await handle.readFile('utf8')).trim();
    return isSecretText(tokenPrefix, text) ? text : undefined;
  } finally {
    await handle.close();
  }
}

const unsafe = (file: string, why: string, cause?: unknown): AlfredError =>
  new AlfredError('E_KEY_UNSAFE', `The owner's token ${file} is not safe: ${why}`, {
    remedy: 'Remove the file; the next start makes a new token.',
    cause,
  });

/** A token of a database that was since restored or replaced is let in again: whoever can read the file is the owner. */
async function isUsable(db: Database, token: string): Promise<boolean> {
  const row = await db.prisma.accessToken.findUnique({ where: { tokenHash: hashOfSecret(token) } });
  if (!row) {
    await insert(db, token);
    return true;
  }
  return (
    rowGuardOf(db.prisma).isIntact('access_tokens', row) &&
    row.revokedAt === null &&
    row.name === ownerTokenName &&
    scopes.every((scope) => row.scopes.includes(scope))
  );
}

/** The token that stands in the file is the only one of its name. */
const insert = (db: Database, token: string): Promise<void> =>
  db.transaction(async (tx) => {
    await tx.accessToken.updateMany({
      where: { name: ownerTokenName, revokedAt: null },
      data: revoked(),
    });
    const row = { name: ownerTokenName, tokenHash: hashOfSecret(token), scopes: [...scopes] };
    await tx.accessToken.create({ data: signedToken(tx, { ...row, expiresAt: null, skills: null }) });
  });

/** Written beside and renamed, so that a crash leaves the old file or the new one. */
async function writeToken(file: string, token: string): Promise<void> {
  const draft = `${file}.${newId()}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${token}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}
