import type { OAuthLogin } from '../../contract/http-connections.ts';
import type { BeginLogin, LoginBegun } from '../../contract/logins.ts';
import { checkUrl } from '../../outbound/check-url.ts';
import { createGuardedFetch } from '../../outbound/guarded-fetch.ts';
import { recordSecretUses } from '../../secrets/record-secret-uses.ts';
import { assertMayOpen } from '../config/approval.ts';
import { openConfig } from '../config/config-secrets.ts';
import { secretsInUse } from '../config/secrets-in-use.ts';
import { findRow } from '../connection-row.ts';
import { fillUrl } from '../mcp-http/open-mcp-http-link.ts';
import type { ConnectionDeps } from '../pool/pool.ts';
import type { KnownClient } from './choose-client.ts';
import { asHttpRow, openLogin } from './login-row.ts';
import { type Beginner, loginTimeMs, type PendingLogins } from './pending-logins.ts';
import { planLogin } from './plan-login.ts';
import { type Addresses, redirectFor } from './redirect-address.ts';

export type BeginDeps = Pick<ConnectionDeps, 'db' | 'vault' | 'log'> & { pending: PendingLogins };

/**
 * Begins a sign-in. Keeps nothing in the connection: a login that is there stays until the new one is finished.
 *
 * @throws AlfredError E_NOT_FOUND, E_NOT_APPROVED, E_CONNECTION_INACTIVE before anything is dialled; E_VALIDATION, E_LOGIN_FAILED,
 *   and what keeps the servers from answering
 */
export async function beginLogin(
  { db, vault, log, pending }: BeginDeps,
  name: string,
  wish: BeginLogin,
  caller: { beginner: Beginner; addresses: Addresses },
): Promise<LoginBegun> {
  const row = asHttpRow(await findRow(db.prisma, name));
  assertMayOpen(row);
  const redirectUri = redirectFor(wish, caller.addresses);
  const { documentUrl } = caller.addresses;
  const opened = openConfig(vault, row);
  if (opened.type !== 'mcp_http') throw new TypeError(`${row.type} was opened as ${opened.type}`);
  const { config } = opened;
  const serverUrl = checkUrl(fillUrl(config.url, config.secrets, name), config);
  await recordSecretUses(db, secretsInUse(row));
  const { clientId, clientSecret, scope, guessEndpoints, omitResource } = wish;
  // Redacted from now on, wherever it shows.
  if (clientSecret !== undefined) vault.redactor.register(`${name}.clientSecret`, clientSecret);
  const login = openLogin(vault, row);
  const guarded = createGuardedFetch({
    allowPrivateNetwork: config.allowPrivateNetwork,
    secrets: Object.values(config.secrets),
  });
  try {
    const plan = await planLogin({
      serverUrl,
      redirectUri,
      documentUrl:
        documentUrl !== undefined && redirectUri === caller.addresses.publicCallback
          ? documentUrl
          : undefined,
      known: [...clientIn(login), ...pending.registeredFor(row.id)],
      byHand: clientId === undefined ? undefined : { clientId, clientSecret },
      scope,
      keep: [login?.asked, login?.missing],
      guessEndpoints,
      omitResource,
      fetch: guarded.fetch,
    });
    if (plan.client.clientSecret !== undefined)
      vault.redactor.register(`${name}.clientSecret`, plan.client.clientSecret);
    const expiresAt = new Date(Date.now() + loginTimeMs);
    const connection = { id: row.id, name, url: row.config.url };
    pending.add({ plan, connection, beginner: caller.beginner, expiresAt });
    const { issuer } = plan.discovery;
    log.info(
      { connection: name, actor: caller.beginner.actor, issuer, way: wish.way },
      'a sign-in was begun',
    );
    return {
      url: plan.authorizationUrl,
      expiresAt: expiresAt.toISOString(),
      issuer,
      scope: plan.scope ?? null,
      redirectUri,
    };
  } finally {
    await guarded.close();
  }
}

/** The client that is kept. After the end of a login nobody knows whether it is still known there: only a person's own is. */
function clientIn(login: OAuthLogin | undefined): KnownClient[] {
  if (login?.issuer === undefined || login.clientFrom === undefined) return [];
  if (login.clientFrom !== 'hand' && login.accessToken === undefined) return [];
  const { clientId, clientSecret, authMethod, clientFrom, issuer, redirectUri = '', clientExpiresAt } = login;
  return [{ clientId, clientSecret, authMethod, clientFrom, issuer, redirectUri, clientExpiresAt }];
}
