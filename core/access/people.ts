/** Who calls: the operator or a user, by a bearer or the cookie of Core's own page, of which the database has a SHA-256. */
import type { FastifyRequest } from 'fastify';
import type { CoreSession } from '../../src/contract/fleet.ts';
import { AlfredError } from '../../src/kernel/errors.ts';
import { newId } from '../../src/kernel/ids.ts';
import { hashOfSecret, isSecretText, newSecretText } from '../../src/kernel/secret-text.ts';
import { checkSameOrigin } from '../../src/web/same-origin.ts';
import { type CoreDatabase, Prisma } from '../database.ts';
import { hashPassword, isPassword } from './passwords.ts';

/** `userId` null: the operator. */
export type Person = {
  tokenId: string;
  userId: string | null;
  login: string | null;
  /** null: until it is revoked. */
  expiresAt: Date | null;
};

export const personPrefix = 'core_';

/** How long a sign-in lasts, in milliseconds. */
const sessionLifetimeMs = 12 * 3_600_000;

/** The VM's differs: cookies do not tell ports apart. */
export const coreCookie = 'alfred_core_session';

const unauthenticated = (): AlfredError =>
  new AlfredError('E_UNAUTHENTICATED', 'This needs a bearer token of Core', {
    remedy: 'Sign in with POST /v1/session; the operator has $CORE_HOME/admin-token.',
  });

/** @throws AlfredError E_UNAUTHENTICATED; E_FORBIDDEN for a cookie that another site's page sends */
export async function findPerson(db: CoreDatabase, request: FastifyRequest): Promise<Person> {
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
    include: { user: true },
  });
  const isOver = row?.revokedAt || (row?.expiresAt && row.expiresAt.getTime() <= Date.now());
  if (!row || isOver || row.user?.suspendedAt) throw unauthenticated();
  return { tokenId: row.id, userId: row.userId, login: row.user?.login ?? null, expiresAt: row.expiresAt };
}

export const sessionOf = ({ userId, login, expiresAt }: Person): CoreSession => ({
  login,
  isOperator: userId === null,
  expiresAt: expiresAt?.toISOString() ?? null,
});

/** Makes a user. @throws AlfredError E_CONFLICT when the login is taken */
export async function createUser(
  { prisma }: CoreDatabase,
  { login, password }: { login: string; password: string },
): Promise<{ id: string; login: string }> {
  const id = newId();
  try {
    await prisma.user.create({ data: { id, login, passwordHash: await hashPassword(password) } });
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') {
      throw new AlfredError('E_CONFLICT', 'This login is taken', { remedy: 'Choose another.' });
    }
    throw error;
  }
  return { id, login };
}

/** Signs a user in. @throws AlfredError E_UNAUTHENTICATED, the same for every reason */
export async function signIn(
  { prisma }: CoreDatabase,
  { login, password }: { login: string; password: string },
): Promise<{ token: string; expiresAt: string }> {
  const user = await prisma.user.findUnique({ where: { login } });
  const isRight = await isPassword(password, user?.passwordHash);
  if (!user || !isRight || user.suspendedAt) {
    throw new AlfredError('E_UNAUTHENTICATED', 'Login or password is not right');
  }
  return await openSession(prisma, user.id);
}

/** Opens a session of the page for whoever has the operator's token. @throws AlfredError E_UNAUTHENTICATED */
export async function signInOperator(
  db: CoreDatabase,
  operatorToken: string,
): Promise<{ token: string; expiresAt: string }> {
  const { userId } = await findByToken(db, operatorToken);
  if (userId !== null) throw unauthenticated();
  return await openSession(db.prisma, null);
}

async function openSession(
  prisma: CoreDatabase['prisma'],
  userId: string | null,
): Promise<{ token: string; expiresAt: string }> {
  const token = newSecretText(personPrefix);
  const expiresAt = new Date(Date.now() + sessionLifetimeMs);
  await prisma.accessToken.create({
    data: { id: newId(), userId, tokenHash: hashOfSecret(token), expiresAt },
  });
  return { token, expiresAt: expiresAt.toISOString() };
}
