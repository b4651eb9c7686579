/**
 * The browsers in which the owner signed in before. Such a cookie lets nobody in: whoever has it is not slowed down by the
 * wrong passwords of others, and no more.
 */

import type { Database, Transaction } from '../../database/client.ts';
import { millisNow, timeNow } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import { hashOfSecret, isSecretText, newSecretText } from '../../kernel/secret-text.ts';

export const browserCookie = 'alfred_vm_browser';
const browserPrefix = 'b_';

/** How long a browser is known after a sign-in, in seconds: no cookie may last longer. */
export const browserLifetime = 400 * 24 * 3600;

/** The id of the browser that has this cookie; undefined when it is unknown. */
export async function findBrowser(db: Database, cookie: string | undefined): Promise<string | undefined> {
  if (cookie === undefined || !isSecretText(browserPrefix, cookie)) return undefined;
  const row = await db.prisma.knownBrowser.findUnique({ where: { tokenHash: hashOfSecret(cookie) } });
  return row !== null && row.lastUsedAt.getTime() > oldest() ? row.id : undefined;
}

const oldest = (): number => millisNow() - browserLifetime * 1000;

/**
 * Knows the browser from now on.
 *
 * @param known its id, where it is known already
 * @returns its id, and the cookie of one that is new
 */
export async function knowBrowser(
  db: Database,
  known: string | undefined,
): Promise<{ id?: string; cookie?: string }> {
  const now = timeNow();
  if (known !== undefined) {
    await db.prisma.knownBrowser.updateMany({ where: { id: known }, data: { lastUsedAt: now } });
    return { id: known };
  }
  const cookie = newSecretText(browserPrefix);
  const id = newId();
  await db.prisma.knownBrowser.deleteMany({ where: { lastUsedAt: { lt: new Date(oldest()) } } });
  const own = { id, tokenHash: hashOfSecret(cookie), createdAt: now, lastUsedAt: now };
  await db.prisma.knownBrowser.create({ data: own });
  return { id, cookie };
}

/** Whoever is shown out of a browser from elsewhere is a stranger there from then on. */
export async function forgetBrowsers(tx: Transaction, ids: readonly (string | null)[]): Promise<void> {
  await tx.knownBrowser.deleteMany({ where: { id: { in: ids.filter((id) => id !== null) } } });
}
