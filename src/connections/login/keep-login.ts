/** Keeps what a sign-in has left, whichever way it went, and asks the connection for its tools. */

import { recordAudit } from '../../audit/record-audit.ts';
import type { Connection } from '../../contract/connections.ts';
import type { OAuthLogin } from '../../contract/login-config.ts';
import { underLock } from '../../database/locks.ts';
import { timeNow } from '../../kernel/clock.ts';
import { AlfredError, messageOf } from '../../kernel/errors.ts';
import { leafLabel, secretLeaves } from '../config/leaves.ts';
import { findRow, lockRow } from '../connection-row.ts';
import type { ConnectionDeps, ConnectionPool } from '../pool/pool.ts';
import { presentConnection } from '../present-connection.ts';
import { statusOf } from '../tools/compare-catalog.ts';
import { assertSame, type Begun } from './begun.ts';
import type { OpenLogin } from './complete-login.ts';
import { asLoginRow, openDevice, writeDevice, writeLogin } from './login-row.ts';

export type KeepDeps = ConnectionDeps & { pool: ConnectionPool };

/**
 * Sealed, in place of a login from before and of a sign-in that waits.
 *
 * @param deviceCode of a sign-in by a code: the one that must still wait
 * @throws AlfredError E_LOGIN_FAILED where it is for another connection, or was forgotten meanwhile
 */
export async function keepLogin(
  deps: KeepDeps,
  begun: Begun,
  given: OpenLogin,
  grantedBy: string,
  deviceCode?: string,
): Promise<void> {
  const { db, log } = deps;
  const signedIn = { ...given, grantedAt: timeNow().toISOString(), grantedBy };
  await underLock(db.pool, { each: 'login', id: begun.id }, () => write(deps, begun, signedIn, deviceCode));
  log.info({ connection: begun.name, actor: grantedBy, issuer: given.issuer }, 'signed in');
}

/** The connection with what it offers now; its status says whether it takes the login. */
export async function toolsAfter({ db, vault, pool, log }: KeepDeps, name: string): Promise<Connection> {
  await pool.evict(name);
  await pool.discover(name).catch((error: unknown) => {
    // The connection says it, as its status and its last error.
    log.warn({ connection: name, reason: messageOf(error) }, 'no tools after the sign-in');
  });
  const shown = await findRow(db.prisma, name);
  return presentConnection(vault, shown, warningsOf(asLoginRow(shown).config.oauth));
}

/** What a person should know at once, and not when it happens. */
function warningsOf(login: OAuthLogin | undefined): string[] {
  if (login?.accessToken === undefined || login.refreshToken !== undefined) return [];
  const until = login.expiresAt === undefined ? 'ends when its server says so' : `ends at ${login.expiresAt}`;
  return [`This sign-in ${until} and cannot be renewed: its server gave no leave to.`];
}

async function write(
  { db, vault }: KeepDeps,
  begun: Begun,
  signedIn: OAuthLogin & { grantedBy: string },
  deviceCode: string | undefined,
): Promise<void> {
  await db.transaction(async (tx) => {
    const row = asLoginRow(await lockRow(tx, begun.name));
    assertSame(begun, row);
    if (deviceCode !== undefined && openDevice(vault, row)?.deviceCode !== deviceCode)
      throw new AlfredError('E_LOGIN_FAILED', `The sign-in to "${row.name}" was forgotten meanwhile.`);
    const written = await writeLogin(tx, vault, await writeDevice(tx, vault, row, undefined), signedIn);
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
