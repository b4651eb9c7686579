import type { Connection } from '../../contract/connections.ts';
import { createGuardedFetch } from '../../outbound/guarded-fetch.ts';
import { assertMayOpen } from '../config/approval.ts';
import { findRow } from '../connection-row.ts';
import type { BeginDeps } from './begin-login.ts';
import { assertSame } from './begun.ts';
import { completeLogin } from './complete-login.ts';
import { type KeepDeps, keepLogin, toolsAfter } from './keep-login.ts';
import { asLoginRow } from './login-row.ts';
import type { Beginner } from './pending-logins.ts';
import { readCallback } from './read-callback.ts';

/**
 * Finishes a sign-in: trades the code for tokens, keeps them, sealed, and asks the server for its tools. A login from before goes.
 *
 * @param name the connection that it must be of; undefined: of whichever the address belongs to
 * @returns the connection; its status says whether the server takes the login
 * @throws AlfredError E_VALIDATION, E_LOGIN_FAILED, E_NOT_FOUND, E_NOT_APPROVED, and what keeps the server from answering
 */
export async function finishLogin(
  deps: BeginDeps & KeepDeps,
  callbackUrl: string,
  caller: Beginner,
  name?: string,
): Promise<Connection> {
  const { db, pending } = deps;
  const { state, address, params } = readCallback(callbackUrl);
  const { connection, plan } = pending.take(state, caller, address, name);
  const row = asLoginRow(await findRow(db.prisma, connection.name));
  assertSame(connection, row);
  assertMayOpen(row);
  const guarded = createGuardedFetch({ allowPrivateNetwork: row.config.allowPrivateNetwork });
  try {
    const given = await completeLogin(plan, params, guarded.fetch);
    await keepLogin(deps, connection, given, caller.actor);
  } catch (error) {
    // A client that was registered and is not known is registered anew the next time.
    pending.forgetRegistered(row.id);
    throw error;
  } finally {
    await guarded.close();
  }
  return toolsAfter(deps, row.name);
}
