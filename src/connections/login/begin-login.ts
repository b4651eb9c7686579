import type { BeginLogin, LoginBegun } from '../../contract/logins.ts';
import { millisNow } from '../../kernel/clock.ts';
import { assertMayOpen } from '../config/approval.ts';
import { findRow } from '../connection-row.ts';
import type { ConnectionDeps } from '../pool/pool.ts';
import { begunFor } from './begun.ts';
import { atLogin } from './find-login.ts';
import { clientIn } from './known-clients.ts';
import { asLoginRow, openLogin } from './login-row.ts';
import { type Beginner, loginTimeMs, type PendingLogins } from './pending-logins.ts';
import { planLogin } from './plan-login.ts';
import { type Addresses, redirectFor } from './redirect-address.ts';

export type BeginDeps = ConnectionDeps & { pending: PendingLogins };

/**
 * Begins a sign-in. Keeps nothing in the connection: a login that is there stays until the new one is finished.
 *
 * @throws AlfredError E_NOT_FOUND, E_NOT_APPROVED, E_CONNECTION_INACTIVE before anything is dialled; E_VALIDATION, E_LOGIN_FAILED,
 *   and what keeps the servers from answering
 */
export async function beginLogin(
  deps: BeginDeps,
  name: string,
  wish: BeginLogin,
  caller: { beginner: Beginner; addresses: Addresses },
): Promise<LoginBegun> {
  const { db, vault, log, pending } = deps;
  const row = asLoginRow(await findRow(db.prisma, name));
  assertMayOpen(row);
  const redirectUri = redirectFor(wish, caller.addresses);
  const { documentUrl, publicCallback } = caller.addresses;
  const { clientId, clientSecret, guessEndpoints } = wish;
  // The secret is redacted from now on.
  if (clientSecret !== undefined) vault.redactor.register(`${name}.clientSecret`, clientSecret);
  const plan = await atLogin(deps, row, wish, (place, fetch) =>
    planLogin({
      ...place,
      redirectUri,
      documentUrl: redirectUri === publicCallback ? documentUrl : undefined,
      known: [...clientIn(openLogin(vault, row)), ...pending.registeredFor(row.id)],
      byHand: clientId === undefined ? undefined : { clientId, clientSecret },
      guessEndpoints,
      fetch,
    }),
  );
  if (plan.client.clientSecret !== undefined)
    vault.redactor.register(`${name}.clientSecret`, plan.client.clientSecret);
  const expiresAt = new Date(millisNow() + loginTimeMs);
  pending.add({ plan, connection: begunFor(row), beginner: caller.beginner, expiresAt });
  const { issuer } = plan.discovery;
  log.info({ connection: name, actor: caller.beginner.actor, issuer, way: wish.way }, 'a sign-in was begun');
  return {
    url: plan.authorizationUrl,
    expiresAt: expiresAt.toISOString(),
    issuer,
    scope: plan.scope ?? null,
    redirectUri,
  };
}
