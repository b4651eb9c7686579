/** Who calls: the operator or a user, by a bearer or the cookie of Core's own page, of which the database has a SHA-256. */
import type { FastifyRequest } from 'fastify';
import type { CoreRole, CoreSession } from '../../src/contract/core-people.ts';
import { millisNow, timeNow } from '../../src/kernel/clock.ts';
import { AlfredError } from '../../src/kernel/errors.ts';
import { newId } from '../../src/kernel/ids.ts';
import { hashOfSecret, isSecretText, newSecretText } from '../../src/kernel/secret-text.ts';
import { checkSameOrigin } from '../../src/web/same-origin.ts';
import type { CoreDatabase } from '../database.ts';
import { isPassword, renewHash } from './passwords.ts';

/** A user; with `userId` null, somebody who works for the provider. */
export type Person = {
  tokenId: string;
  userId: string | null;
  /** The account of whoever signed in by a login, a user or somebody of the provider's. */
  accountId: string | null;
  login: string | null;
  /** What somebody of the provider's may do; null for a user. */
  role: CoreRole | null;
  isFile: boolean;
  /** When the token or session ends; null: when it is revoked. */
  expiresAt: Date | null;
};

export const personPrefix = 'core_';

/** How long a sign-in lasts, in milliseconds. */
const sessionLifetimeMs = 12 * 3_600_000;

/** A VM on the same host has a cookie of another name, as cookies do not tell ports apart. */
export const coreCookie = 'alfred_core_session';

const unauthenticated = (): AlfredError =>
  new AlfredError('E_UNAUTHENTICATED', 'This needs a bearer token of Core', {
    remedy: 'Sign in with POST /v1/session; the operator has $CORE_HOME/admin-token.',
  });

/**
 * @throws AlfredError E_UNAUTHENTICATED; E_FORBIDDEN for a cookie that another site's page sends, and for a token that is for
 *   `/metrics` alone
 */
export async function findPerson(db: CoreDatabase, request: FastifyRequest): Promise<Person> {
  const person = await findWatcher(db, request);
  if (person.role !== 'metrics') return person;
  throw new AlfredError('E_FORBIDDEN', 'This token is for /metrics, and for nothing else');
}

/** Whoever calls, be it a program that only watches. @throws AlfredError as findPerson does, but for such a program */
export async function findWatcher(db: CoreDatabase, request: FastifyRequest): Promise<Person> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    return await findByToken(db, /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '');
  }
  const cookie = request.cookies[coreCookie];
  if (cookie === undefined) throw unauthenticated();
  checkSameOrigin(request);
  return await findByToken(db, cookie);
}

async function findByToken({ prisma }: CoreDatabase, token: string): Promise<Person> {
  if (!isSecretText(personPrefix, token)) throw unauthenticated();
  const row = await prisma.accessToken.findUnique({
    where: { tokenHash: hashOfSecret(token) },
    include: { user: true, parent: true },
  });
  // A session that was opened while the token above it was being ended is over as well.
  const isOver =
    row?.revokedAt || row?.parent?.revokedAt || (row?.expiresAt && row.expiresAt.getTime() <= millisNow());
  if (!row || isOver || row.user?.suspendedAt || row.user?.removedAt) throw unauthenticated();
  return {
    tokenId: row.id,
    // Whoever works for the provider has no VMs of their own here, and sees all of them.
    userId: row.user?.role ? null : row.userId,
    accountId: row.userId,
    login: row.user?.login ?? null,
    role: (row.user?.role ?? row.role) as CoreRole | null,
    isFile: row.kind === 'file',
    expiresAt: row.expiresAt,
  };
}

export const sessionOf = ({ login, role, accountId, expiresAt }: Person): CoreSession => ({
  login,
  role,
  isOperator: role === 'operator',
  hasAccount: accountId !== null,
  expiresAt: expiresAt?.toISOString() ?? null,
});

/** The name of a person in the audit log. */
export const actorOf = ({ accountId, tokenId, isFile }: Person): string =>
  accountId !== null ? `user:${accountId}` : isFile ? 'file' : `token:${tokenId}`;

/** @throws AlfredError E_FORBIDDEN for a token of the provider's, which has no account */
export function requireAccount({ accountId }: Person): string {
  if (accountId !== null) return accountId;
  throw new AlfredError('E_FORBIDDEN', 'A token has no account: sign in with a login');
}

/** Signs a user in. @throws AlfredError E_UNAUTHENTICATED, the same for every reason */
export async function signIn(
  db: CoreDatabase,
  { login, password }: { login: string; password: string },
): Promise<{ token: string; expiresAt: string }> {
  const user = await db.prisma.user.findUnique({ where: { login } });
  const isRight = await isPassword(password, user?.passwordHash);
  if (!user || !isRight || user.suspendedAt || user.removedAt) {
    throw new AlfredError('E_UNAUTHENTICATED', 'Login or password is not right');
  }
  await renewHash(db, user, password);
  return await openSession(db.prisma, { userId: user.id });
}

/**
 * Opens a session of the page for whoever has a token of the provider's: with its role, below it, and never beyond its end.
 *
 * @throws AlfredError E_UNAUTHENTICATED
 */
export async function signInOperator(
  db: CoreDatabase,
  operatorToken: string,
): Promise<{ token: string; expiresAt: string }> {
  const person = await findByToken(db, operatorToken);
  if (person.accountId !== null || person.role === 'metrics') throw unauthenticated();
  const { role, tokenId: parentId, expiresAt } = person;
  return await openSession(db.prisma, { role, parentId }, expiresAt);
}

/** Opens a session for an account, or below one of the provider's tokens. */
export async function openSession(
  prisma: CoreDatabase['prisma'],
  whose: { userId: string } | { role: CoreRole | null; parentId: string },
  latest: Date | null = null,
): Promise<{ token: string; expiresAt: string }> {
  const token = newSecretText(personPrefix);
  const end = millisNow() + sessionLifetimeMs;
  const expiresAt = new Date(Math.min(end, latest?.getTime() ?? end));
  await prisma.accessToken.create({
    data: { id: newId(), ...whose, tokenHash: hashOfSecret(token), createdAt: timeNow(), expiresAt },
  });
  return { token, expiresAt: expiresAt.toISOString() };
}
