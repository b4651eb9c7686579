/** The token endpoint: a code, or a refresh token, for an access token and the next refresh token. */

import { createHash } from 'node:crypto';
import { type AppTokens, appScope } from '../contract/apps.ts';
import type { Database, Transaction } from '../database/client.ts';
import { millisNow } from '../kernel/clock.ts';
import type { Vault } from '../vault/vault.ts';
import {
  type AppTokenRow,
  addToken,
  claimToken,
  findToken,
  isOver,
  lifetimes,
  markUsed,
  newText,
  successorOf,
} from './app-tokens.ts';
import { endGrant, prolongGrant } from './grants.ts';
import { OAuthError } from './oauth-error.ts';

/** For how long a repeated refresh gets the same answer, in milliseconds: the first may have been lost, or two windows of a program asked at once. */
const repeatWithin = 30_000;

/** How many access tokens a program may have at a time: each of its windows may want one. */
const mostAccessTokens = 20;

/** What a program sends, each as text where it was sent once. */
export type TokenForm = Readonly<Record<string, unknown>>;

type TokenDeps = { db: Database; vault: Pick<Vault, 'mix'> };

/** @throws OAuthError, after what it means for the grant is committed */
export async function issueTokens({ db, vault }: TokenDeps, form: TokenForm): Promise<AppTokens> {
  const grantType = textOf(form, 'grant_type');
  const give = grantType === 'authorization_code' ? forCode : forRefresh;
  if (grantType !== 'authorization_code' && grantType !== 'refresh_token')
    throw new OAuthError('unsupported_grant_type', 'The grant_type is authorization_code or refresh_token.');
  const clientId = textOf(form, 'client_id');
  if (clientId === undefined) throw new OAuthError('invalid_request', 'There is no client_id.');
  const given = await db.transaction((tx) => give({ tx, vault }, form, clientId));
  if (given instanceof OAuthError) throw given;
  return given;
}

/** @throws OAuthError for what was sent twice, or is no text */
function textOf(form: TokenForm, name: string): string | undefined {
  const value = form[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string' && value.length <= 8192) return value;
  throw new OAuthError('invalid_request', `${name} must be one short text.`);
}

function required(form: TokenForm, name: string): string {
  const value = textOf(form, name);
  if (value !== undefined) return value;
  throw new OAuthError('invalid_request', `There is no ${name}.`);
}

type Within = { tx: Transaction; vault: TokenDeps['vault'] };

const noGrant = (why: string) => new OAuthError('invalid_grant', why);

/** Trades a code for tokens, once. A code that comes again, or with the wrong proof, was stolen: the grant and all its tokens end. */
async function forCode({ tx }: Within, form: TokenForm, clientId: string): Promise<AppTokens | OAuthError> {
  const text = required(form, 'code');
  const verifier = required(form, 'code_verifier');
  const row = await claimToken(tx, 'code', text);
  if (row === undefined) return noGrant('The code is not known, or its app was shut out.');
  const wrong = row.usedAt === null ? whatIsWrong(row, form, { clientId, verifier }) : 'it was used before';
  if (wrong !== undefined) {
    await endGrant(tx, row.grantId, actorOf(row), `a code was refused: ${wrong}`);
    return noGrant(`The code is refused: ${wrong}. Begin the sign-in again.`);
  }
  const target = otherTarget(row, form);
  if (target !== undefined) return target;
  await markUsed(tx, row);
  const refreshToken = newText('refresh');
  await addToken(tx, { grantId: row.grantId, kind: 'refresh', text: refreshToken });
  return giveAccess(tx, row.grantId, refreshToken);
}

function whatIsWrong(
  row: AppTokenRow,
  form: TokenForm,
  { clientId, verifier }: { clientId: string; verifier: string },
): string | undefined {
  if (isOver(row)) return 'it is older than a minute';
  if (row.grant.clientId !== clientId) return 'it was given to another program';
  if ((textOf(form, 'redirect_uri') ?? row.grant.redirectUri) !== row.grant.redirectUri)
    return 'the redirect_uri is another than before';
  const proof = createHash('sha256').update(verifier).digest('base64url');
  return /^[\w.~-]{43,128}$/.test(verifier) && proof === row.challenge
    ? undefined
    : 'the code_verifier does not prove whose it is';
}

/** The refusal of a `resource` that is not the one that the program was let in to (RFC 8707). */
function otherTarget({ grant }: AppTokenRow, form: TokenForm): OAuthError | undefined {
  const asked = [form.resource ?? []].flat();
  return asked.every((one) => one === grant.resource)
    ? undefined
    : new OAuthError('invalid_target', `Tokens of this grant are for ${grant.resource} alone.`);
}

async function forRefresh(
  { tx, vault }: Within,
  form: TokenForm,
  clientId: string,
): Promise<AppTokens | OAuthError> {
  const text = required(form, 'refresh_token');
  const row = await claimToken(tx, 'refresh', text);
  if (row === undefined) return noGrant('The refresh token is not known, or its app was shut out.');
  if (row.grant.clientId !== clientId) {
    await endGrant(tx, row.grantId, actorOf(row), 'another program showed its refresh token');
    return noGrant('The refresh token was given to another program. Begin the sign-in again.');
  }
  if (isOver(row)) return noGrant('The refresh token was not used for 30 days. Begin the sign-in again.');
  const target = otherTarget(row, form);
  if (target !== undefined) return target;
  const successor = successorOf(vault, text);
  if (row.usedAt === null) {
    await markUsed(tx, row);
    await addToken(tx, { grantId: row.grantId, kind: 'refresh', text: successor });
    return giveAccess(tx, row.grantId, successor);
  }
  const next = await findToken(tx, 'refresh', successor);
  const isRepeat = millisNow() - row.usedAt.getTime() <= repeatWithin && next?.usedAt === null;
  if (isRepeat) return giveAccess(tx, row.grantId, successor);
  await endGrant(tx, row.grantId, actorOf(row), 'a refresh token was used twice');
  return noGrant('The refresh token was used before: somebody else may have it. Begin the sign-in again.');
}

async function giveAccess(tx: Transaction, grantId: string, refreshToken: string): Promise<AppTokens> {
  const now = millisNow();
  await dropOld(tx, grantId, now);
  const accessToken = newText('access');
  await addToken(tx, { grantId, kind: 'access', text: accessToken });
  await prolongGrant(tx, grantId);
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: lifetimes.access / 1000,
    refresh_token: refreshToken,
    scope: appScope,
  };
}

/** What has expired, and the oldest of too many; a code stays, so that its second use is known as such. */
async function dropOld(tx: Transaction, grantId: string, now: number): Promise<void> {
  const tooMany = await tx.appToken.findMany({
    where: { grantId, kind: 'access' },
    orderBy: { id: 'desc' },
    skip: mostAccessTokens - 1,
    select: { id: true },
  });
  const isPast = { kind: { not: 'code' }, expiresAt: { lte: new Date(now) } };
  await tx.appToken.deleteMany({
    where: { grantId, OR: [isPast, { id: { in: tooMany.map(({ id }) => id) } }] },
  });
}

const actorOf = ({ grantId }: AppTokenRow): string => `app:${grantId}`;
