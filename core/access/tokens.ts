/** Named tokens of the provider's people and programs, each with a role and an end; and how tokens are ended. */
import type { CoreToken, NewCoreToken } from '../../src/contract/core-people.ts';
import { millisNow, timeNow } from '../../src/kernel/clock.ts';
import { AlfredError } from '../../src/kernel/errors.ts';
import { newId } from '../../src/kernel/ids.ts';
import { hashOfSecret, newSecretText } from '../../src/kernel/secret-text.ts';
import { recordAct } from '../audit/record-act.ts';
import type { CoreDatabase, CoreTransaction } from '../database.ts';
import { actorOf, type Person, personPrefix } from './people.ts';

const day = 86_400_000;

/**
 * Makes a token, which is shown this once. It ends with the one that it was made with, at the latest; where
 * that was none, with the access of whoever made it.
 *
 * @param person the operator
 */
export async function createToken(
  { prisma }: CoreDatabase,
  person: Person,
  { name, role, days }: NewCoreToken,
): Promise<CoreToken & { token: string }> {
  const token = newSecretText(personPrefix);
  const end = millisNow() + days * day;
  return await prisma.$transaction(async (tx) => {
    const parent = await lastingToken(tx, person.tokenId);
    const expiresAt = new Date(Math.min(end, parent.expiresAt?.getTime() ?? end));
    const row = await tx.accessToken.create({
      data: {
        id: newId(),
        tokenHash: hashOfSecret(token),
        kind: 'named',
        name,
        role,
        createdAt: timeNow(),
        expiresAt,
        parentId: parent.userId === null ? parent.id : null,
        madeById: parent.userId,
      },
    });
    await recordAct(tx, {
      actor: actorOf(person),
      action: 'token.created',
      subject: row.id,
      data: { name, role, expiresAt: expiresAt.toISOString() },
    });
    return { ...shown(row), token };
  });
}

type LastingToken = { id: string; expiresAt: Date | null; userId: string | null };

/**
 * The token itself, or the one that a session was opened with; for an account's session, the session, which limits nothing. Its row is
 * locked: whoever ends it meanwhile waits, and then ends what was made as well.
 */
async function lastingToken(tx: CoreTransaction, id: string): Promise<LastingToken> {
  const [row] = await tx.$queryRaw<LastingToken[]>`
    SELECT t.id, t.user_id AS "userId", CASE WHEN t.user_id IS NULL THEN t.expires_at END AS "expiresAt"
    FROM access_tokens s JOIN access_tokens t ON t.id = CASE WHEN s.kind = 'session' THEN coalesce(s.parent_id, s.id) ELSE s.id END
    WHERE s.id = ${id}::uuid AND s.revoked_at IS NULL AND t.revoked_at IS NULL FOR SHARE OF s, t`;
  if (row) return row;
  throw new AlfredError('E_UNAUTHENTICATED', 'The token was ended meanwhile');
}

/** The tokens that are good, the newest first. */
export async function listTokens({ prisma }: CoreDatabase): Promise<CoreToken[]> {
  const rows = await prisma.accessToken.findMany({
    where: { kind: { in: ['file', 'named'] }, revokedAt: null },
    orderBy: { createdAt: 'desc' },
  });
  return rows.filter(({ expiresAt }) => expiresAt === null || expiresAt.getTime() > millisNow()).map(shown);
}

const shown = (row: {
  id: string;
  kind: string;
  name: string;
  role: string | null;
  createdAt: Date;
  expiresAt: Date | null;
}): CoreToken => ({
  id: row.id,
  name: row.kind === 'file' ? 'admin-token' : row.name,
  role: row.role as CoreToken['role'],
  isFile: row.kind === 'file',
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt?.toISOString() ?? null,
});

/**
 * Ends a named token, and all that was opened or made with it.
 *
 * @throws AlfredError E_NOT_FOUND; E_CONFLICT for the file's, which its file ends
 */
export async function endToken({ prisma }: CoreDatabase, person: Person, id: string): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const row = await tx.accessToken.findUnique({ where: { id } });
    if (!row || row.revokedAt || row.kind === 'session') {
      throw new AlfredError('E_NOT_FOUND', 'There is no such token');
    }
    if (row.kind === 'file') {
      throw new AlfredError('E_CONFLICT', "The operator's own token is ended by its file", {
        remedy: 'Remove $CORE_HOME/admin-token and start Core again; it makes a new one.',
      });
    }
    const ended = await endTokens(tx, id);
    await recordAct(tx, { actor: actorOf(person), action: 'token.ended', subject: id, data: { ended } });
  });
}

/**
 * Ends tokens with all below them: the sessions that were opened and the tokens that were made with them.
 *
 * @returns how many were ended
 */
export async function endTokens(tx: CoreTransaction, ...ids: string[]): Promise<number> {
  return await tx.$executeRaw`
    WITH RECURSIVE ended AS (
      SELECT id FROM access_tokens WHERE id = ANY(${ids}::uuid[])
      UNION SELECT t.id FROM access_tokens t JOIN ended ON t.parent_id = ended.id
    )
    UPDATE access_tokens SET revoked_at = now() WHERE id IN (SELECT id FROM ended) AND revoked_at IS NULL`;
}

/**
 * Ends the sessions of an account, and the tokens that were made in it.
 *
 * @param but a session that stays
 * @returns how many were ended
 */
export async function endTokensOf(tx: CoreTransaction, userId: string, but?: string): Promise<number> {
  const rows = await tx.accessToken.findMany({
    where: {
      OR: [{ userId }, { madeById: userId }],
      revokedAt: null,
      ...(but === undefined ? {} : { id: { not: but } }),
    },
    select: { id: true },
  });
  return await endTokens(tx, ...rows.map(({ id }) => id));
}
