/** The end of a login that cannot be renewed any more. */

import { recordAudit, systemActor } from '../../audit/record-audit.ts';
import type { OAuthLogin } from '../../contract/login-config.ts';
import type { Transaction } from '../../database/client.ts';
import { timeNow } from '../../kernel/clock.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { Vault } from '../../vault/vault.ts';
import { defined } from './complete-login.ts';
import { type LoginRow, writeLogin } from './login-row.ts';

/** Has the owner told of a connection that wants a sign-in, when `tx` commits. */
export type TellOfLogin = (
  tx: Transaction,
  connection: string,
  detail: Record<string, unknown>,
) => Promise<void>;

/**
 * Forgets the tokens of a login, which are good for nothing any more, marks the connection, and has the owner told: once, as a
 * login ends once.
 *
 * @param row held by `tx`
 * @param why a sentence for a person
 */
export async function endLogin(
  { vault, tell, tx }: { vault: Vault; tell: TellOfLogin; tx: Transaction },
  row: LoginRow,
  login: OAuthLogin,
  why: string,
): Promise<void> {
  const { issuer } = login;
  await writeLogin(tx, vault, row, { ...withoutTokens(login), ended: { at: timeNow().toISOString(), why } });
  await tx.connection.updateMany({
    where: { id: row.id },
    data: { status: 'needs_login', lastError: why, lastCheckedAt: timeNow() },
  });
  const data = { issuer: issuer ?? null, why };
  await recordAudit(tx, { action: 'connection.login_ended', actor: systemActor, subject: row.name, data });
  await tell(tx, row.name, { issuer: issuer ?? null, error: why });
}

/** What stays of a login: who the client is, and what was asked, so that the next sign-in asks for the same. */
export function withoutTokens(login: OAuthLogin): OAuthLogin {
  const { clientId, clientSecret, clientFrom, authMethod, issuer, redirectUri, clientExpiresAt } = login;
  const { asked, missing, grantedAt, grantedBy, scope, resource, endpoints, provider } = login;
  const client = { clientSecret, clientFrom, authMethod, issuer, redirectUri, clientExpiresAt };
  const granted = { asked, missing, grantedAt, grantedBy, scope, resource, endpoints, provider };
  return { clientId, ...defined({ ...client, ...granted }) };
}

export const needsLogin = (name: string, why: string): AlfredError =>
  new AlfredError('E_NEEDS_LOGIN', why, {
    remedy: `Sign in to it in the console under Connections, or with: npx alfred connection login ${name}`,
  });

export const nobodySignedIn = (name: string): AlfredError =>
  needsLogin(name, `Nobody is signed in to "${name}".`);
