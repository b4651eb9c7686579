/** Links that work once, by which somebody sets a password of their own: the first one, or one in the place of another. */
import { millisNow, timeNow } from '../../src/kernel/clock.ts';
import { AlfredError, messageOf } from '../../src/kernel/errors.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { Logger } from '../../src/kernel/log.ts';
import { hashOfSecret, isSecretText, newSecretText } from '../../src/kernel/secret-text.ts';
import { recordAct } from '../audit/record-act.ts';
import type { CoreDatabase, CoreTransaction } from '../database.ts';
import type { Mailer } from '../mail/mailer.ts';
import { hashPassword } from './passwords.ts';
import { actorOf, openSession, type Person } from './people.ts';
import { requireRole } from './roles.ts';
import { endTokensOf } from './tokens.ts';
import { noSuchUser } from './users.ts';

const prefix = 'link_';
const day = 86_400_000;
/** How long a link is good, in milliseconds: for somebody who was invited, and for somebody who asked a moment ago. */
const invitedFor = 7 * day;
const resetFor = day / 24;
/** The least time between two mails to one person, in milliseconds, whoever asks for them. */
const mailedEvery = 5 * 60_000;

export type LinkDeps = {
  db: CoreDatabase;
  /** The address of Core's page. */
  issuer: string;
  mailer: Mailer | undefined;
  log: Logger;
};

export type SentLink = {
  /** Null where the link went by mail, as nobody but its receiver sees it then. */
  url: string | null;
  expiresAt: string;
  mailed: boolean;
};

type Account = { id: string; login: string; passwordHash: string | null };

/**
 * Makes a link for a user, in the place of any before: by mail where their login is an address and Core sends mail, and else
 * shown to the operator.
 *
 * @throws AlfredError E_NOT_FOUND, E_FORBIDDEN; E_CONNECTION_FAILED when the mail was not taken: then there is no link
 */
export async function sendLink(deps: LinkDeps, person: Person, id: string): Promise<SentLink> {
  requireRole(person, 'change users');
  const user = await deps.db.prisma.user.findUnique({ where: { id, removedAt: null } });
  if (!user) throw noSuchUser();
  return await deps.db.prisma.$transaction(
    async (tx) => {
      const { url, expiresAt } = await makeLink(tx, deps, user, invitedFor);
      const mailed = isMailed(deps, user);
      if (mailed) await mailLink(deps, user, url);
      // The act is recorded after the mail, as from here on to the commit all other acts wait.
      const action = user.passwordHash === null ? 'user.invited' : 'user.reset';
      await recordAct(tx, { actor: actorOf(person), action, subject: id });
      return { url: mailed ? null : url, expiresAt, mailed };
    },
    { timeout: 60_000 },
  );
}

const isMailed = ({ mailer }: LinkDeps, { login }: Account): boolean =>
  mailer !== undefined && /^[^@]+@[^@]+\.[^@]+$/.test(login);

async function makeLink(
  tx: CoreTransaction,
  { issuer }: LinkDeps,
  { id: userId }: Account,
  goodFor: number,
): Promise<{ url: string; expiresAt: string }> {
  const code = newSecretText(prefix);
  const expiresAt = new Date(millisNow() + goodFor);
  await tx.signInLink.deleteMany({ where: { userId } });
  await tx.signInLink.create({
    data: { id: newId(), userId, codeHash: hashOfSecret(code), createdAt: timeNow(), expiresAt },
  });
  // The code stands behind the `#`: no server and no log on the way sees it.
  return { url: `${issuer}/#link=${code}`, expiresAt: expiresAt.toISOString() };
}

async function mailLink(
  { mailer, issuer }: LinkDeps,
  { login, passwordHash }: Account,
  url: string,
): Promise<void> {
  const isNew = passwordHash === null;
  await mailer?.send({
    to: [login],
    id: newId(),
    subject: isNew ? 'Your sign-in at Alfred Core' : 'A new password at Alfred Core',
    text: [
      isNew
        ? `You have an account at ${issuer}. Set your password here:`
        : `Somebody asked for a new password for ${login} at ${issuer}. If it was you, set it here:`,
      '',
      url,
      '',
      isNew ? '' : 'If it was not you, do nothing: your password stays.',
      'The link works once.',
      '',
    ].join('\n'),
  });
}

/**
 * Mails a link to whoever forgot their password. Strangers are not told whether there is such a login, neither by an answer nor
 * by the time it takes.
 *
 * @throws AlfredError E_CONFLICT when Core sends no mail
 */
export function mailForgotten(deps: LinkDeps, login: string): void {
  if (!deps.mailer) {
    throw new AlfredError('E_CONFLICT', 'This Core sends no mail', {
      remedy: 'Ask whoever runs it for a link by which you set a new password.',
    });
  }
  void sendForgotten(deps, login).catch((error: unknown) => {
    deps.log.warn(`a link for a new password was not mailed: ${messageOf(error)}`);
  });
}

async function sendForgotten(deps: LinkDeps, login: string): Promise<void> {
  const { prisma } = deps.db;
  const user = await prisma.user.findUnique({ where: { login, removedAt: null, suspendedAt: null } });
  if (!user || !isMailed(deps, user)) return;
  const url = await prisma.$transaction(async (tx) => {
    // Only the first of several who ask at once is mailed.
    await tx.$queryRaw`SELECT id FROM users WHERE id = ${user.id}::uuid FOR UPDATE`;
    const lately = { userId: user.id, createdAt: { gt: new Date(millisNow() - mailedEvery) } };
    if ((await tx.signInLink.count({ where: lately })) > 0) return undefined;
    await recordAct(tx, { actor: `user:${user.id}`, action: 'user.reset', subject: user.id });
    return (await makeLink(tx, deps, user, resetFor)).url;
  });
  if (url !== undefined) await mailLink(deps, user, url);
}

/**
 * Sets a password by a link, signs out whoever came in by the one before, and signs in.
 *
 * @throws AlfredError E_UNAUTHENTICATED for a link that is no good any more
 */
export async function followLink(
  { prisma }: CoreDatabase,
  { code, password }: { code: string; password: string },
): Promise<{ token: string; expiresAt: string }> {
  const refused = () =>
    new AlfredError('E_UNAUTHENTICATED', 'The link was used, is over, or was followed by another', {
      remedy: 'Ask for a new one.',
    });
  if (!isSecretText(prefix, code)) throw refused();
  const passwordHash = await hashPassword(password);
  const userId = await prisma.$transaction(async (tx) => {
    const link = await tx.signInLink.findUnique({
      where: { codeHash: hashOfSecret(code) },
      include: { user: true },
    });
    if (!link || link.expiresAt.getTime() <= millisNow()) throw refused();
    if (link.user.removedAt || link.user.suspendedAt) throw refused();
    // Of two who follow the link at once, only one removes the row.
    const { count } = await tx.signInLink.deleteMany({ where: { id: link.id } });
    if (count === 0) throw refused();
    await tx.user.update({ where: { id: link.userId }, data: { passwordHash } });
    const ended = await endTokensOf(tx, link.userId);
    const act = { actor: `user:${link.userId}`, action: 'password.set', subject: link.userId } as const;
    await recordAct(tx, { ...act, data: { byLink: true, ended } });
    return link.userId;
  });
  return await openSession(prisma, { userId });
}
