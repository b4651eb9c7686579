/** Codes, access tokens and refresh tokens of programs that were let in: rows that hold a SHA-256 of each, under their MAC. */

import type { Prisma, Transaction } from '../database/client.ts';
import { millisNow, timeNow } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { hashOfSecret, isSameHash, isSecretText, newSecretText } from '../kernel/secret-text.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import type { Vault } from '../vault/vault.ts';

export type AppTokenKind = 'code' | 'access' | 'refresh';

/** How long each kind is good, in milliseconds. A program that does not use its refresh token for that long is out. */
export const lifetimes = {
  code: 60_000,
  access: 3_600_000,
  refresh: 30 * 24 * 3_600_000,
} as const satisfies Record<AppTokenKind, number>;

/** Prefixes by which a scanner for leaked secrets recognizes the tokens. */
const prefixes: Record<AppTokenKind, string> = {
  code: 'alfred_code_',
  access: 'alfred_at_',
  refresh: 'alfred_rt_',
};

export type AppTokenRow = Prisma.AppTokenGetPayload<{ include: { grant: true } }>;

export const newText = (kind: AppTokenKind): string => newSecretText(prefixes[kind]);

/**
 * The refresh token that follows one: always the same, also when the vault's keys change, and nobody else can tell it. So the
 * answer to a refresh can be given again to a program that lost it, or asks twice at once, without a second line of tokens that
 * nobody would miss.
 */
export const successorOf = (vault: Pick<Vault, 'mix'>, text: string): string =>
  prefixes.refresh + vault.mix('alfred-vm/app-refresh/v1', text).toString('base64url');

export async function addToken(
  tx: Transaction,
  {
    grantId,
    kind,
    text,
    challenge = null,
  }: { grantId: string; kind: AppTokenKind; text: string; challenge?: string | null },
): Promise<void> {
  const now = millisNow();
  const row = {
    ...{ id: newId(), grantId, kind, tokenHash: hashOfSecret(text), challenge },
    createdAt: new Date(now),
    expiresAt: new Date(now + lifetimes[kind]),
    usedAt: null,
  };
  await tx.appToken.create({ data: { ...row, mac: rowGuardOf(tx).sign('app_tokens', row) } });
}

/**
 * The row of a token, with the grant that it hangs on. One that is not as this VM wrote it, or whose grant is not, is none; one
 * that has expired or was used is given: what that means is for the caller to say.
 */
export async function findToken(
  db: Pick<Transaction, 'appToken'>,
  kind: AppTokenKind,
  text: string,
): Promise<AppTokenRow | undefined> {
  if (!isSecretText(prefixes[kind], text)) return undefined;
  const tokenHash = hashOfSecret(text);
  const row = await db.appToken.findUnique({ where: { tokenHash }, include: { grant: true } });
  if (row?.kind !== kind || !isSameHash(row.tokenHash, tokenHash)) return undefined;
  const guard = rowGuardOf(db);
  const isIntact = guard.isIntact('app_tokens', row) && guard.isIntact('app_grants', row.grant);
  return isIntact && row.grant.revokedAt === null ? row : undefined;
}

/** As `findToken`, and nobody else changes anything of its grant until the transaction ends. */
export async function claimToken(
  tx: Transaction,
  kind: AppTokenKind,
  text: string,
): Promise<AppTokenRow | undefined> {
  const found = await findToken(tx, kind, text);
  if (found === undefined) return undefined;
  await tx.$queryRaw`SELECT FROM app_grants WHERE id = ${found.grantId}::uuid FOR UPDATE`;
  return findToken(tx, kind, text);
}

/** Notes that a token was used, and signs its row anew. */
export async function markUsed(tx: Transaction, { grant: _, ...row }: AppTokenRow): Promise<void> {
  const used = { ...row, usedAt: timeNow() };
  const { usedAt } = used;
  await tx.appToken.update({
    where: { id: row.id },
    data: { usedAt, mac: rowGuardOf(tx).sign('app_tokens', used) },
  });
}

export const isOver = ({ expiresAt }: Pick<AppTokenRow, 'expiresAt'>): boolean =>
  expiresAt.getTime() <= millisNow();
