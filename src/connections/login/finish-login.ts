import { recordAudit } from '../../audit/record-audit.ts';
import type { Connection } from '../../contract/connections.ts';
import type { OAuthLogin } from '../../contract/http-connections.ts';
import { underLock } from '../../database/locks.ts';
import { AlfredError, messageOf } from '../../kernel/errors.ts';
import { createGuardedFetch } from '../../outbound/guarded-fetch.ts';
import { assertMayOpen } from '../config/approval.ts';
import { leafLabel, secretLeaves } from '../config/leaves.ts';
import { findRow, lockRow } from '../connection-row.ts';
import type { ConnectionPool } from '../pool/pool.ts';
import { presentConnection } from '../present-connection.ts';
import { statusOf } from '../tools/compare-catalog.ts';
import type { BeginDeps } from './begin-login.ts';
import { completeLogin } from './complete-login.ts';
import { asHttpRow, writeLogin } from './login-row.ts';
import type { Beginner, PendingLogin } from './pending-logins.ts';
import { readCallback } from './read-callback.ts';

export type FinishDeps = BeginDeps & { pool: ConnectionPool };

/**
 * Finishes a sign-in: trades the code for tokens, keeps them, sealed, and asks the server for its tools. A login from before goes.
 *
 * @param name the connection that it must be of; undefined: of whichever the address belongs to
 * @returns the connection; its status says whether the server takes the login
 * @throws AlfredError E_VALIDATION, E_LOGIN_FAILED, E_NOT_FOUND, E_NOT_APPROVED, and what keeps the server from answering
 */
export async function finishLogin(
  deps: FinishDeps,
  callbackUrl: string,
  caller: Beginner,
  name?: string,
): Promise<Connection> {
  const { db, vault, pool, log, pending } = deps;
  const { state, address, params } = readCallback(callbackUrl);
  const login = pending.take(state, caller, address, name);
  const { connection, plan } = login;
  const row = asHttpRow(await findRow(db.prisma, connection.name));
  assertSame(login, row);
  assertMayOpen(row);
  const guarded = createGuardedFetch({ allowPrivateNetwork: row.config.allowPrivateNetwork });
  try {
    const given = await completeLogin(plan, params, guarded.fetch);
    const signedIn = { ...given, grantedAt: new Date().toISOString(), grantedBy: caller.actor };
    await underLock(db.pool, { each: 'login', id: row.id }, () => keep(deps, login, signedIn));
    log.info({ connection: row.name, actor: caller.actor, issuer: given.issuer }, 'signed in');
  } catch (error) {
    // A client that was registered and is not known is registered anew the next time.
    pending.forgetRegistered(row.id);
    throw error;
  } finally {
    await guarded.close();
  }
  await pool.evict(row.name);
  await pool.discover(row.name).catch((error: unknown) => {
    // The connection says it, as its status and its last error.
    log.warn({ connection: row.name, reason: messageOf(error) }, 'no tools after the sign-in');
  });
  const shown = await findRow(db.prisma, row.name);
  return presentConnection(vault, shown, warningsOf(asHttpRow(shown).config.oauth));
}

/** What a person should know at once, and not when it happens. */
function warningsOf(login: OAuthLogin | undefined): string[] {
  if (login?.accessToken === undefined || login.refreshToken !== undefined) return [];
  const until = login.expiresAt === undefined ? 'ends when its server says so' : `ends at ${login.expiresAt}`;
  return [`This sign-in ${until} and cannot be renewed: its server gave no leave to.`];
}

async function keep(
  { db, vault }: FinishDeps,
  login: PendingLogin,
  signedIn: OAuthLogin & { grantedBy: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    const row = asHttpRow(await lockRow(tx, login.connection.name));
    assertSame(login, row);
    const written = await writeLogin(tx, vault, row, signedIn);
    const isNew = row.toolCatalog.length === 0;
    await tx.connection.updateMany({
      where: { id: row.id },
      data: { status: isNew ? 'new' : statusOf(row.toolCatalog), lastError: null },
    });
    const { issuer = null, scope = null, clientFrom = null, expiresAt = null, grantedBy: actor } = signedIn;
    const secrets = secretLeaves({ oauth: written.config.oauth }).map(({ path }) => leafLabel(row, path));
    const data = {
      issuer,
      scope,
      client: clientFrom,
      expiresAt,
      renews: signedIn.refreshToken !== undefined,
      secrets,
    };
    await recordAudit(tx, { action: 'connection.signed_in', actor, subject: row.name, data });
  });
}

/** A login is for the server that it was begun for. */
function assertSame(
  { connection }: PendingLogin,
  row: { id: string; name: string; config: { url: string } },
): void {
  if (row.id === connection.id && row.config.url === connection.url) return;
  throw new AlfredError(
    'E_LOGIN_FAILED',
    `"${row.name}" leads to another server than when the sign-in was begun.`,
    {
      remedy: 'Begin it again.',
    },
  );
}
