/** One-time sign-in links. The code stands behind the `#`, so that no server log, proxy or referrer ever sees it. */

import { recordAudit, systemActor } from '../../audit/record-audit.ts';
import type { Database } from '../../database/client.ts';
import { millisNow, timeNow } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import { hashOfSecret, isSecretText, newSecretText } from '../../kernel/secret-text.ts';
import { rowGuardOf } from '../../vault/row-guard.ts';

const codePrefix = 'once_';

/** How long a link works, in milliseconds. */
const lifetime = 15 * 60_000;

/**
 * Makes a link that signs in whoever opens it first, within 15 minutes.
 *
 * @param address where the owner's browser reaches this VM
 * @param actor who asked for it; the VM itself when left out
 */
export async function createSignInLink(
  { db }: { db: Database },
  address: string,
  actor = systemActor,
): Promise<{ url: string; expiresAt: string }> {
  const code = newSecretText(codePrefix);
  const expiresAt = new Date(millisNow() + lifetime);
  await db.transaction(async (tx) => {
    const row = { id: newId(), codeHash: hashOfSecret(code), createdAt: timeNow(), expiresAt };
    const { id } = await tx.signInLink.create({
      data: { ...row, mac: rowGuardOf(tx).sign('sign_in_links', row) },
    });
    await recordAudit(tx, { action: 'sign_in.link_created', actor, subject: id });
  });
  const url = new URL('/', address);
  url.hash = `code=${code}`;
  return { url: url.href, expiresAt: expiresAt.toISOString() };
}

/** Uses a link's code up: of two at once, one gets in. @returns false for an unknown, a used and an expired code alike */
export const useSignInCode = async (db: Database, code: string): Promise<boolean> =>
  isSecretText(codePrefix, code) && (await useUp(db, code));

/** @returns whether the link was good, and is as this VM made it; it loses its MAC with this, and so is good once */
async function useUp(db: Database, code: string): Promise<boolean> {
  const now = timeNow();
  const where = { codeHash: hashOfSecret(code), usedAt: null, expiresAt: { gt: now } };
  const row = await db.prisma.signInLink.findUnique({ where });
  if (!row?.mac || !rowGuardOf(db.prisma).isIntact('sign_in_links', row)) return false;
  // The very row that was checked.
  const { codeHash, createdAt, expiresAt, mac } = row;
  const { count } = await db.prisma.signInLink.updateMany({
    where: { id: row.id, usedAt: null, codeHash, createdAt, expiresAt, mac },
    data: { usedAt: now, mac: null },
  });
  return count === 1;
}
