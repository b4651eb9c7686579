/** A program gives a token back (RFC 7009): with its refresh token it is out. */
import type { Database } from '../database/client.ts';
import { claimToken, findToken } from './app-tokens.ts';
import { endGrant } from './grants.ts';
import type { TokenForm } from './issue-tokens.ts';
import { OAuthError } from './oauth-error.ts';

/** Nothing happens to a token that is not known. @throws OAuthError */
export async function revokeToken(
  { db }: { db: Database },
  { token, client_id: clientId }: TokenForm,
): Promise<void> {
  if (typeof token !== 'string' || token === '')
    throw new OAuthError('invalid_request', 'There is no token to take back.');
  const isIts = ({ grant }: { grant: { clientId: string } }) =>
    clientId === undefined || clientId === grant.clientId;
  await db.transaction(async (tx) => {
    const access = await findToken(tx, 'access', token);
    if (access && isIts(access)) await tx.appToken.deleteMany({ where: { id: access.id } });
    const refresh = await claimToken(tx, 'refresh', token);
    if (refresh && isIts(refresh))
      await endGrant(tx, refresh.grantId, `app:${refresh.grantId}`, 'it signed itself out');
  });
}
