/** The operator's own token: `$CORE_HOME/admin-token` (0600). */
import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { AlfredError } from '../../src/kernel/errors.ts';
import { newId } from '../../src/kernel/ids.ts';
import { hashOfSecret, isSecretText, newSecretText } from '../../src/kernel/secret-text.ts';
import { recordAct } from '../audit/record-act.ts';
import type { CoreDatabase } from '../database.ts';
import { personPrefix } from './people.ts';
import { endTokens } from './tokens.ts';

/**
 * Sees that the operator's token is there and works, and is the only one of its kind: one that was in the file before is
 * ended, with the sessions opened and the tokens made with it. Whoever can read the file is the operator: a token that the
 * database does not know (a restored one) is let in again, a revoked one is not.
 *
 * @throws AlfredError E_KEY_UNSAFE when others can read the file
 */
export async function ensureAdminToken(home: string, db: CoreDatabase): Promise<string> {
  const file = path.join(home, 'admin-token');
  let token = await readToken(file);
  if (token === undefined) {
    token = newSecretText(personPrefix);
    const handle = await open(file, constants.O_CREAT | constants.O_TRUNC | constants.O_WRONLY, 0o600);
    try {
      await handle.writeFile(`${token}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
  const tokenHash = hashOfSecret(token);
  await db.prisma.$transaction(async (tx) => {
    const { id } = await tx.accessToken.upsert({
      where: { tokenHash },
      create: { id: newId(), tokenHash, kind: 'file', role: 'operator' },
      update: {},
    });
    const before = await tx.accessToken.findMany({
      where: {
        // Sessions of before tokens had anything below them.
        OR: [{ kind: 'file' }, { kind: 'session', role: { not: null }, parentId: null }],
        id: { not: id },
        revokedAt: null,
      },
      select: { id: true },
    });
    if (before.length === 0) return;
    const ended = await endTokens(tx, ...before.map((row) => row.id));
    await recordAct(tx, { actor: 'file', action: 'token.replaced', subject: id, data: { ended } });
  });
  return file;
}

async function readToken(file: string): Promise<string | undefined> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!handle) return undefined;
  try {
    if (((await handle.stat()).mode & 0o077) !== 0) {
      throw new AlfredError('E_KEY_UNSAFE', `The operator's token ${file} can be read by others`, {
        remedy: 'Remove the file; the next start makes a new token.',
      });
    }
    const text = (await readFile(handle, 'utf8')).trim();
    return isSecretText(personPrefix, text) ? text : undefined;
  } finally {
    await handle.close();
  }
}
