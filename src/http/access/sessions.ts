/** Browser sessions: a cookie's value, of which the database keeps a SHA-256. */
import { recordAudit } from '../../audit/record-audit.ts';
import { scopes } from '../../contract/common.ts';
import type { Database } from '../../database/client.ts';
import { newId } from '../../kernel/ids.ts';
import { ownerActor } from '../../kernel/owner-actor.ts';
import { hashOfSecret, isSameHash, isSecretText, newSecretText } from '../../kernel/secret-text.ts';
import { rowGuardOf } from '../../vault/row-guard.ts';
import type { Principal } from './principal.ts';

/** Core's differs: cookies do not tell ports apart. */
export const sessionCookie = 'alfred_vm_session';

const sessionPrefix = 's_';

/** How long a session lasts, in seconds. */
export const sessionLifetime = 14 * 24 * 3600;

/** How exact `lastUsedAt` is kept, in milliseconds. */
const lastUsedStep = 60_000;

/** Opens a session for the owner and gives the cookie's value. */
export async function createSession(db: Database): Promise<{ value: string; principal: Principal }> {
  const value = newSecretText(sessionPrefix);
  const expiresAt = new Date(Date.now() + sessionLifetime * 1000);
  const id = newId();
  await db.transaction(async (tx) => {
    const row = { id, tokenHash: hashOfSecret(value), createdAt: new Date(), expiresAt };
    await tx.session.create({ data: { ...row, mac: rowGuardOf(tx).sign('sessions', row) } });
    await recordAudit(tx, { action: 'sign_in.succeeded', actor: ownerActor, subject: id });
  });
  return { value, principal: principalOf(id, expiresAt) };
}

/** Whose session a cookie is; undefined when it is unknown, expired or closed, or not as this VM opened it. */
export async function findSessionPrincipal(db: Database, value: string): Promise<Principal | undefined> {
  if (!isSecretText(sessionPrefix, value)) return undefined;
  const tokenHash = hashOfSecret(value);
  const row = await db.prisma.session.findUnique({ where: { tokenHash } });
  if (!row || !isSameHash(row.tokenHash, tokenHash)) return undefined;
  if (!rowGuardOf(db.prisma).isIntact('sessions', row)) return undefined;
  const now = Date.now();
  if (row.revokedAt || row.expiresAt.getTime() <= now) return undefined;
  if (!row.lastUsedAt || now - row.lastUsedAt.getTime() > lastUsedStep) {
    await db.prisma.session.update({ where: { id: row.id }, data: { lastUsedAt: new Date(now) } });
  }
  return principalOf(row.id, row.expiresAt);
}

/** Closes a session; nothing happens when it is closed already. */
export async function closeSession(db: Database, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    // Without its MAC no later change of the row opens it again.
    const data = { revokedAt: new Date(), mac: null };
    const { count } = await tx.session.updateMany({ where: { id, revokedAt: null }, data });
    if (count > 0) await recordAudit(tx, { action: 'session.closed', actor: ownerActor, subject: id });
  });
}

const principalOf = (id: string, expiresAt: Date): Principal => ({
  kind: 'session',
  id,
  actor: ownerActor,
  scopes: new Set(scopes),
  expiresAt,
});
