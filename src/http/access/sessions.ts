/** Browser sessions: a cookie's value, of which the database keeps a SHA-256. */

import { recordAudit } from '../../audit/record-audit.ts';
import { scopes } from '../../contract/common.ts';
import type { SignInWay } from '../../contract/session.ts';
import type { Database, Transaction } from '../../database/client.ts';
import { storableText } from '../../database/storable.ts';
import { millisNow, timeNow } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import { ownerActor } from '../../kernel/owner-actor.ts';
import { hashOfSecret, isSameHash, isSecretText, newSecretText } from '../../kernel/secret-text.ts';
import { rowGuardOf } from '../../vault/row-guard.ts';
import { browserWords } from './browser-words.ts';
import { closeSessions } from './end-sessions.ts';
import type { Principal } from './principal.ts';
import { checkWay } from './way-still-there.ts';

/** Core's differs: cookies do not tell ports apart. */
export const sessionCookie = 'alfred_vm_session';
const sessionPrefix = 's_';

/** How long a session lasts, in seconds. */
export const sessionLifetime = 14 * 24 * 3600;

/** How exact `lastUsedAt` is kept, in milliseconds. */
const lastUsedStep = 60_000;

/** How long it is kept who was signed in where once that is over, in milliseconds. */
const keptAfterwards = 90 * 24 * 3_600_000;

/** How somebody came in. */
export type SignIn = {
  way: SignInWay;
  /** The row of the passkey or the password that was proved. */
  passkeyId?: string | undefined;
  passwordId?: string | undefined;
  userAgent?: string | undefined;
  address?: string | undefined;
  /** The browser's row in `known_browsers`. */
  browserId?: string | undefined;
  /** The session that this browser has already: the new one takes its place. */
  replaces?: string | undefined;
};

/**
 * Opens a session for the owner and gives the cookie's value.
 *
 * @throws AlfredError E_UNAUTHENTICATED when the way was taken away meanwhile
 */
export async function createSession(
  db: Database,
  { way, passkeyId, passwordId, userAgent, address, browserId, replaces }: SignIn = { way: 'link' },
): Promise<{ value: string; principal: Principal }> {
  const value = newSecretText(sessionPrefix);
  const createdAt = timeNow();
  const expiresAt = new Date(createdAt.getTime() + sessionLifetime * 1000);
  const id = newId();
  const named = userAgent === undefined ? null : storableText(userAgent.slice(0, 300));
  await db.transaction(async (tx) => {
    await checkWay(tx, { passkeyId, passwordId });
    await forgetOld(tx);
    const row = {
      id,
      tokenHash: hashOfSecret(value),
      createdAt,
      expiresAt,
      way,
      passkeyId: passkeyId ?? null,
    };
    const mac = rowGuardOf(tx).sign('sessions', row);
    await tx.session.create({
      data: { ...row, userAgent: named, address: address ?? null, browserId: browserId ?? null, mac },
    });
    const data = {
      way,
      browser: browserWords(named),
      address: address ?? null,
      ...(passkeyId ? { passkeyId } : {}),
    };
    await recordAudit(tx, { action: 'sign_in.succeeded', actor: ownerActor, subject: id, data });
    if (replaces !== undefined) await closeSessions(tx, { id: replaces }, ownerActor);
  });
  return { value, principal: principalOf({ id, createdAt, expiresAt }) };
}

const forgetOld = (tx: Transaction) => {
  const before = { lt: new Date(millisNow() - keptAfterwards) };
  return tx.session.deleteMany({ where: { OR: [{ expiresAt: before }, { revokedAt: before }] } });
};

/** Whose session a cookie is; undefined when it is unknown, expired or closed, or not as this VM opened it. */
export async function findSessionPrincipal(db: Database, value: string): Promise<Principal | undefined> {
  if (!isSecretText(sessionPrefix, value)) return undefined;
  const tokenHash = hashOfSecret(value);
  const row = await db.prisma.session.findUnique({ where: { tokenHash } });
  if (!row || !isSameHash(row.tokenHash, tokenHash)) return undefined;
  if (!rowGuardOf(db.prisma).isIntact('sessions', row)) return undefined;
  const now = millisNow();
  if (row.revokedAt || row.expiresAt.getTime() <= now) return undefined;
  if (!row.lastUsedAt || now - row.lastUsedAt.getTime() > lastUsedStep) {
    await db.prisma.session.update({ where: { id: row.id }, data: { lastUsedAt: new Date(now) } });
  }
  return principalOf(row);
}

const principalOf = ({
  id,
  createdAt,
  expiresAt,
}: {
  id: string;
  createdAt: Date;
  expiresAt: Date;
}): Principal => ({
  kind: 'session',
  id,
  actor: ownerActor,
  scopes: new Set(scopes),
  signedInAt: createdAt,
  expiresAt,
});
