/** Bearer tokens: made, found, listed and revoked. */

import { z } from 'zod';
import { recordAudit } from '../../audit/record-audit.ts';
import { type Scope, scopeSchema } from '../../contract/common.ts';
import { ownerTokenName } from '../../contract/owner-token.ts';
import type { createdTokenSchema, tokenInputSchema, tokenSchema } from '../../contract/tokens.ts';
import { askPg } from '../../database/ask.ts';
import type { Database, Prisma, Transaction } from '../../database/client.ts';
import { cutPage, wrongCursor } from '../../database/pages.ts';
import { storableText } from '../../database/storable.ts';
import { millisNow, timeNow } from '../../kernel/clock.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { ownerActor } from '../../kernel/owner-actor.ts';
import { hashOfSecret, isSameHash, isSecretText, newSecretText } from '../../kernel/secret-text.ts';
import { validationError } from '../../kernel/validate.ts';
import { assertSkills } from '../../skills/assert-skills.ts';
import type { Covered } from '../../vault/guarded-rows.ts';
import { rowGuardOf } from '../../vault/row-guard.ts';
import type { Principal } from './principal.ts';

type Token = z.output<typeof tokenSchema>;
type TokenRow = Prisma.AccessTokenGetPayload<Record<string, never>>;

export const tokenPrefix = 'alfred_';

/** How exact `lastUsedAt` is kept, in milliseconds: a write for every request would cost more than it tells. */
const lastUsedStep = 60_000;

const present = (row: TokenRow): Token => ({
  id: row.id,
  name: row.name,
  scopes: scopesOf(row),
  skills: skillsOf(row) ?? null,
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt?.toISOString() ?? null,
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
});

/** Of a token for named skills, whatever stands there: one whose list cannot be read is for none. */
function skillsOf({ skills }: Pick<TokenRow, 'skills'>): string[] | undefined {
  if (skills === null) return undefined;
  return z.array(z.string()).catch([]).parse(skills);
}

const scopesOf = (row: TokenRow): Scope[] =>
  row.scopes.flatMap((scope) => {
    const known = scopeSchema.safeParse(scope);
    return known.success ? [known.data] : [];
  });

/**
 * Makes a token. Nobody can give away a scope that they have not.
 *
 * @throws AlfredError E_FORBIDDEN, or E_VALIDATION for a reserved name or a time that has passed
 */
export async function createToken(
  { db }: { db: Database },
  input: z.output<typeof tokenInputSchema>,
  by: Pick<Principal, 'scopes' | 'actor'>,
): Promise<z.output<typeof createdTokenSchema>> {
  const missing = input.scopes.filter((scope) => !by.scopes.has(scope));
  if (missing.length > 0) {
    throw new AlfredError('E_FORBIDDEN', `A token cannot give what it has not: ${missing.join(', ')}`, {
      remedy: "Make this token with the owner's own, or leave those scopes out.",
    });
  }
  const expiresAt = input.expiresAt == null ? null : new Date(input.expiresAt);
  if (expiresAt && expiresAt.getTime() <= millisNow()) {
    throw validationError('The token', [{ field: '/expiresAt', message: 'has passed' }]);
  }
  if (input.name === ownerTokenName) {
    throw validationError('The token', [{ field: '/name', message: "is kept for the owner's own token" }]);
  }
  await assertSkills(db, input.skills ?? [], 'The token');
  const token = newSecretText(tokenPrefix);
  const row = await db.transaction(async (tx) => {
    const made = await tx.accessToken.create({
      data: signedToken(tx, {
        name: storableText(input.name),
        tokenHash: hashOfSecret(token),
        scopes: [...new Set(input.scopes)],
        expiresAt,
        skills: input.skills === undefined ? null : [...new Set(input.skills)],
      }),
    });
    const { id, name, scopes } = made;
    const skills = input.skills === undefined ? {} : { skills: input.skills };
    const data = { name, scopes, ...skills, expiresAt: expiresAt?.toISOString() ?? null };
    await recordAudit(tx, { action: 'token.created', actor: by.actor, subject: id, data });
    return made;
  });
  return { ...present(row), token };
}

/** The row of a new token, with its MAC. */
export function signedToken(
  tx: Transaction,
  token: Omit<Covered<'access_tokens'>, 'id' | 'createdAt'> & { tokenHash: Uint8Array<ArrayBuffer> },
): Prisma.AccessTokenUncheckedCreateInput {
  const row = { ...token, id: newId(), createdAt: timeNow() };
  const { skills, ...rest } = row;
  return {
    ...rest,
    ...(skills === null ? {} : { skills }),
    mac: rowGuardOf(tx).sign('access_tokens', row),
  };
}

/** What a token's row is when it is revoked: without its MAC no later change of the row makes it good again. */
export const revoked = () => ({ revokedAt: timeNow(), mac: null });

/** A page of the tokens that are not revoked, the newest first; those that expired too. */
export async function listTokens(
  { db }: { db: Database },
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: Token[]; nextCursor: string | null }> {
  if (cursor !== undefined && !/^[0-9a-f-]{36}$/.test(cursor)) throw wrongCursor();
  const rows = await db.prisma.accessToken.findMany({
    where: { revokedAt: null, ...(cursor === undefined ? {} : { id: { lt: cursor } }) },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  const { page, nextCursor } = cutPage(rows, limit, ({ id }) => id);
  return { items: page.map(present), nextCursor };
}

/** @throws AlfredError E_NOT_FOUND, also when it is revoked already */
export async function revokeToken({ db }: { db: Database }, id: string, actor: string): Promise<void> {
  const wasGood = await db.transaction((tx) => endToken(tx, id, actor));
  if (!wasGood) throw new AlfredError('E_NOT_FOUND', `There is no token ${id}`);
}

/** @returns whether it was not revoked already */
export async function endToken(tx: Transaction, id: string, actor: string): Promise<boolean> {
  const { count } = await tx.accessToken.updateMany({ where: { id, revokedAt: null }, data: revoked() });
  if (count > 0) await recordAudit(tx, { action: 'token.revoked', actor, subject: id });
  return count > 0;
}

/** Bare SQL, prepared once: it stands before every request of a program's. A time without an end is none that this VM wrote. */
const reading = {
  name: 'read token',
  text: `SELECT id, name, token_hash AS "tokenHash", scopes, skills, created_at AS "createdAt", expires_at AS "expiresAt",
       last_used_at AS "lastUsedAt", revoked_at AS "revokedAt", mac
     FROM access_tokens
     WHERE token_hash = $1 AND isfinite(created_at) AND coalesce(isfinite(expires_at), true)`,
};

/** Who a bearer token stands for; undefined when it is unknown, expired or revoked, or not as this VM made it. */
export async function findTokenPrincipal(db: Database, token: string): Promise<Principal | undefined> {
  if (!isSecretText(tokenPrefix, token)) return undefined;
  const tokenHash = hashOfSecret(token);
  const [row] = await askPg(db.pool)<TokenRow>(reading, [tokenHash]);
  if (!row || !isSameHash(row.tokenHash, tokenHash)) return undefined;
  if (!rowGuardOf(db.prisma).isIntact('access_tokens', row)) return undefined;
  const now = millisNow();
  if (row.revokedAt || (row.expiresAt && row.expiresAt.getTime() <= now)) return undefined;
  if (!row.lastUsedAt || now - row.lastUsedAt.getTime() > lastUsedStep) {
    await db.prisma.accessToken.update({ where: { id: row.id }, data: { lastUsedAt: new Date(now) } });
  }
  return {
    kind: 'token',
    id: row.id,
    actor: row.name === ownerTokenName ? ownerActor : `token:${row.id}`,
    scopes: new Set(scopesOf(row)),
    ...withSkills(row),
    expiresAt: row.expiresAt,
  };
}

function withSkills(row: TokenRow): Pick<Principal, 'skills'> {
  const skills = skillsOf(row);
  return skills === undefined ? {} : { skills: new Set(skills) };
}
