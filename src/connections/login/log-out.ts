import { assertSecureTokenEndpoint } from '@modelcontextprotocol/client';
import { recordAudit } from '../../audit/record-audit.ts';
import type { Connection } from '../../contract/connections.ts';
import type { OAuthLogin } from '../../contract/login-config.ts';
import { underLock } from '../../database/locks.ts';
import { messageOf } from '../../kernel/errors.ts';
import { createGuardedFetch, type GuardedFetch } from '../../outbound/guarded-fetch.ts';
import { recordSecretUses } from '../../secrets/record-secret-uses.ts';
import { findRow, lockRow } from '../connection-row.ts';
import type { ConnectionDeps, ConnectionPool } from '../pool/pool.ts';
import { presentConnection } from '../present-connection.ts';
import { authenticating, authMethodOf } from './authenticate-client.ts';
import { withoutTokens } from './login-ends.ts';
import { metadataFetch, shortText } from './login-fetch.ts';
import { serverOf } from './login-place.ts';
import { asLoginRow, type LoginRow, loginSecrets, openLogin, writeLogin } from './login-row.ts';

const limits = { headersTimeoutMs: 10_000, totalTimeoutMs: 15_000, maxBytes: 65_536 };

/**
 * Signs out: has the authorization server revoke the tokens (RFC 7009) where it can, and forgets them in any case. A client that a
 * person made by hand is kept for the next sign-in.
 *
 * @returns the connection; a warning where the server may still take the tokens
 * @throws AlfredError E_NOT_FOUND, E_VALIDATION for a connection of another type
 */
export async function logOut(
  deps: ConnectionDeps & { pool: ConnectionPool },
  name: string,
  actor: string,
): Promise<Connection> {
  const { db, vault, pool, log } = deps;
  const { id } = asLoginRow(await findRow(db.prisma, name));
  // A renewal that is under way is waited for: what it is given is revoked as well.
  const warning = await underLock(db.pool, { each: 'login', id }, async () => {
    const row = asLoginRow(await findRow(db.prisma, name));
    const login = openLogin(vault, row);
    if (login === undefined) return undefined;
    const problem = login.accessToken === undefined ? undefined : await revoke(deps, row, login);
    await forget(deps, name, actor, problem === undefined);
    return problem;
  });
  await pool.evict(name);
  log.info({ connection: name, actor, revoked: warning === undefined }, 'signed out');
  return presentConnection(vault, await findRow(db.prisma, name), warning === undefined ? [] : [warning]);
}

/** Has the tokens of a connection revoked that was removed, where its server does that; what keeps it from that is in the log. */
export async function revokeRemoved(
  { db, vault, log }: Pick<ConnectionDeps, 'db' | 'vault' | 'log'>,
  row: LoginRow,
): Promise<void> {
  try {
    const login = openLogin(vault, row);
    if (login?.accessToken === undefined || login.issuer === undefined) return;
    const problem = await revoke({ db, log }, row, login);
    if (problem !== undefined) log.warn({ connection: row.name }, problem);
  } catch (error) {
    // One whose secrets cannot be opened is removed for that very reason.
    log.warn({ connection: row.name, reason: messageOf(error) }, 'tokens could not be revoked');
  }
}

async function forget(
  { db, vault }: ConnectionDeps,
  name: string,
  actor: string,
  isRevoked: boolean,
): Promise<void> {
  await db.transaction(async (tx) => {
    const row = asLoginRow(await lockRow(tx, name));
    const login = openLogin(vault, row);
    if (login === undefined) return;
    const { missing: _missing, ...kept } = withoutTokens(login);
    await writeLogin(tx, vault, row, login.clientFrom === 'hand' ? kept : undefined);
    await tx.connection.updateMany({
      where: { id: row.id },
      data: { status: 'needs_login', lastError: null },
    });
    const data = { issuer: login.issuer ?? null, revoked: isRevoked };
    await recordAudit(tx, { action: 'connection.signed_out', actor, subject: name, data });
  });
}

/** @returns why the server may still take the tokens; undefined when it does not */
async function revoke(
  { db, log }: Pick<ConnectionDeps, 'db' | 'log'>,
  row: LoginRow,
  login: OAuthLogin,
): Promise<string | undefined> {
  const { issuer, refreshToken, accessToken } = login;
  const still = (why: string) =>
    `Alfred has forgotten the tokens, but ${why}. To be sure, take Alfred's access away at that server.`;
  if (issuer === undefined) return still('nobody knows who gave them, to have them revoked');
  const guarded = createGuardedFetch({ allowPrivateNetwork: row.config.allowPrivateNetwork });
  try {
    const metadata = await serverOf(login, metadataFetch(guarded.fetch));
    const endpoint = metadata?.revocation_endpoint;
    if (endpoint === undefined) return still(`${issuer} revokes none`);
    assertSecureTokenEndpoint(endpoint);
    await recordSecretUses(db, {
      secrets: loginSecrets(row, ['refreshToken', 'accessToken', 'clientSecret']),
      destination: new URL(issuer).host,
    });
    const send = sendRevocation(
      guarded.fetch,
      endpoint,
      login,
      metadata?.token_endpoint_auth_methods_supported,
    );
    // The one that gives others first: with it most servers end the whole login.
    if (refreshToken !== undefined) await send(refreshToken, 'refresh_token');
    if (accessToken !== undefined) await send(accessToken, 'access_token');
    return undefined;
  } catch (error) {
    log.warn({ connection: row.name, reason: messageOf(error) }, 'tokens could not be revoked');
    return still(`${issuer} could not be told to revoke them (${shortText(messageOf(error))})`);
  } finally {
    await guarded.close();
  }
}

function sendRevocation(
  fetch: GuardedFetch['fetch'],
  endpoint: string,
  login: OAuthLogin,
  methods: string[] | undefined,
) {
  return async (token: string, hint: string): Promise<void> => {
    const headers = new Headers({ accept: 'application/json' });
    const body = new URLSearchParams({ token, token_type_hint: hint });
    authenticating(login, authMethodOf(login, methods))(headers, body);
    const response = await fetch(endpoint, { method: 'POST', headers, body, redirect: 'manual' }, limits);
    await response.body?.cancel();
    // 400 is what some say of a token that they do not know (any more).
    if (!response.ok && response.status !== 400) throw new Error(`HTTP ${response.status}`);
  };
}
