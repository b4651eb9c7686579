/** The owner's password, for those who want one: set, removed, and tried at a sign-in. */

import { recordAudit } from '../../../audit/record-audit.ts';
import type { Database, Transaction } from '../../../database/client.ts';
import { millisNow, timeNow } from '../../../kernel/clock.ts';
import { AlfredError } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import { rowGuardOf } from '../../../vault/row-guard.ts';
import type { Vault } from '../../../vault/vault.ts';
import { hashPassword, isPassword } from '../../../web/password-hash.ts';
import { closeSessions } from '../end-sessions.ts';
import { forgetBrowsers } from '../known-browsers.ts';
import type { Principal } from '../principal.ts';
import type { Attempts } from './attempts.ts';

type PasswordDeps = { db: Database; vault: Pick<Vault, 'mix'> };

/** One text, however a keyboard composes its accents. */
const mixed = (vault: Pick<Vault, 'mix'>, password: string): Buffer =>
  vault.mix('alfred-vm/password/v1', password.normalize('NFC'));

/**
 * Sets it, in the place of the one before. Whoever came in by that one is shown out, but for the caller.
 *
 * @returns how many sessions were ended
 */
export async function setPassword(
  { db, vault }: PasswordDeps,
  password: string,
  by: Principal,
): Promise<number> {
  const hash = await hashPassword(mixed(vault, password));
  return await db.transaction(async (tx) => {
    await tx.$executeRaw`LOCK TABLE passwords IN SHARE ROW EXCLUSIVE MODE`;
    const ended = await takeAway(tx, by);
    const row = { id: newId(), hash, createdAt: timeNow() };
    await tx.password.create({ data: { ...row, mac: rowGuardOf(tx).sign('passwords', row) } });
    await recordAudit(tx, { action: 'password.set', actor: by.actor, subject: row.id });
    return ended;
  });
}

/** Removes it, likewise. @throws AlfredError E_NOT_FOUND when none is set */
export async function removePassword({ db }: { db: Database }, by: Principal): Promise<number> {
  return await db.transaction(async (tx) => {
    await tx.$executeRaw`LOCK TABLE passwords IN SHARE ROW EXCLUSIVE MODE`;
    if ((await tx.password.count()) === 0) throw new AlfredError('E_NOT_FOUND', 'No password is set');
    return await takeAway(tx, by);
  });
}

async function takeAway(tx: Transaction, by: Principal): Promise<number> {
  const rows = await tx.password.findMany({ select: { id: true } });
  if (rows.length === 0) return 0;
  for (const { id } of rows) {
    await recordAudit(tx, { action: 'password.removed', actor: by.actor, subject: id });
  }
  await tx.password.deleteMany();
  const keep = by.kind === 'session' ? { id: { not: by.id } } : {};
  const closed = await closeSessions(tx, { way: 'password', ...keep }, by.actor);
  await forgetBrowsers(
    tx,
    closed.map(({ browserId }) => browserId),
  );
  return closed.length;
}

export const hasPassword = async ({ password }: Pick<Transaction, 'password'>): Promise<boolean> =>
  (await password.count()) > 0;

const tooMany = (seconds: number): AlfredError => {
  const wait = seconds < 100 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`;
  return new AlfredError(
    'E_RATE_LIMITED',
    `There were too many wrong passwords: the next may be tried in ${wait}`,
    {
      remedy: 'A passkey and a one-time link always work: npx alfred status --link.',
    },
  );
};

/**
 * The row of the password, if it is the one that is set.
 *
 * @param browser the id of a browser that is known
 * @param onWait is told how many seconds one must wait, before that is thrown
 * @throws AlfredError E_RATE_LIMITED before it is looked at
 */
export async function usePassword(
  { db, vault, attempts }: PasswordDeps & { attempts: Attempts },
  password: string,
  browser: string | undefined,
  onWait: (seconds: number) => void,
): Promise<{ id: string } | undefined> {
  const row = await db.prisma.password.findFirst({ orderBy: { id: 'desc' } });
  // That there is none, the page says that asks to sign in.
  if (!row || !rowGuardOf(db.prisma).isIntact('passwords', row)) return undefined;
  const seconds = Math.ceil(attempts.begin(browser, millisNow()) / 1000);
  if (seconds > 0) {
    onWait(seconds);
    throw tooMany(seconds);
  }
  if (!(await isPassword(mixed(vault, password), row.hash))) return undefined;
  attempts.right(browser);
  return { id: row.id };
}
