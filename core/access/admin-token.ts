/** The operator's own token: `$CORE_HOME/admin-token` (0600). */

import path from 'node:path';
import { timeNow } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import { hashOfSecret, isSecretText, newSecretText } from '../../src/kernel/secret-text.ts';
import { recordAct } from '../audit/record-act.ts';
import type { CoreDatabase } from '../database.ts';
import { personPrefix } from './people.ts';
import { secretFile } from './secret-file.ts';
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
  const token = await secretFile(file, {
    what: "operator's token",
    isGood: (text) => isSecretText(personPrefix, text),
    make: () => newSecretText(personPrefix),
  });
  const tokenHash = hashOfSecret(token);
  await db.prisma.$transaction(async (tx) => {
    const { id } = await tx.accessToken.upsert({
      where: { tokenHash },
      create: { id: newId(), tokenHash, kind: 'file', role: 'operator', createdAt: timeNow() },
      update: {},
    });
    const before = await tx.accessToken.findMany({
      where: {
        // Sessions from before a session named the token that it was opened with.
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
