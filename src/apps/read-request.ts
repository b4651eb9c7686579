/** What a program asks for by the address with which it sends the owner's browser here (OAuth 2.1, section 4.1.1). */
import type { AskingApp } from '../contract/apps.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { GuardedFetch } from '../outbound/guarded-fetch.ts';
import { resourceOf } from './addresses.ts';
import type { AppClient } from './app-client.ts';
import { findClient } from './find-client.ts';
import { OAuthError } from './oauth-error.ts';
import { isSameRedirect, kindOfRedirect, withAnswer } from './redirect-uri.ts';

export type AppRequest = {
  client: AppClient;
  redirectUri: string;
  goesTo: AskingApp['goesTo'];
  state: string | undefined;
  /** Of PKCE, by SHA-256. */
  challenge: string;
  /** The address of `/mcp` that it means. */
  resource: string;
};

/** One that the program can be told about: it is known where its answer goes. */
export type ReadRequest = Omit<AppRequest, 'challenge'> & ({ challenge: string } | { refused: OAuthError });

/**
 * @param issuer by which the program knows this VM
 * @throws AlfredError E_VALIDATION where nobody may be sent anywhere: the program, or where its answer would go, is not known;
 * what findClient throws
 */
export async function readAppRequest(
  fetch: GuardedFetch['fetch'],
  query: string,
  issuer: string,
): Promise<ReadRequest> {
  const given = new URLSearchParams(query);
  const client = await findClient(fetch, only(given, 'client_id'));
  const redirectUri = only(given, 'redirect_uri');
  const goesTo = kindOfRedirect(redirectUri);
  if (goesTo === undefined || !client.redirectUris.some((one) => isSameRedirect(one, redirectUri))) {
    throw new AlfredError(
      'E_VALIDATION',
      'The program asks to have its answer sent to an address that is not its own: nothing is sent there.',
      { remedy: 'Do not go on. If you trust the program, tell who makes it.' },
    );
  }
  const known = {
    ...{ client, redirectUri, goesTo },
    state: given.get('state') ?? undefined,
    resource: resourceOf(issuer),
  };
  try {
    return { ...known, challenge: readWish(given, known.resource) };
  } catch (error) {
    if (error instanceof OAuthError) return { ...known, refused: error };
    throw error;
  }
}

function only(given: URLSearchParams, name: string): string {
  const [value, ...more] = given.getAll(name);
  if (value !== undefined && value !== '' && more.length === 0) return value;
  throw new AlfredError('E_VALIDATION', `The address must say ${name}, and once.`, {
    remedy: 'Begin the sign-in again in the program.',
  });
}

/** @returns the challenge @throws OAuthError */
function readWish(given: URLSearchParams, resource: string): string {
  const invalid = (why: string) => new OAuthError('invalid_request', why);
  const names = [...new Set(given.keys())];
  // Several resources are several parameters of one name (RFC 8707).
  const twice = names.find((name) => name !== 'resource' && given.getAll(name).length > 1);
  if (twice !== undefined) throw invalid('A parameter stands there twice.');
  if (given.has('request') || given.has('request_uri'))
    throw invalid('Requests as objects are not read here.');
  if (given.get('response_type') !== 'code')
    throw new OAuthError('unsupported_response_type', 'The response_type must be code.');
  if ((given.get('response_mode') ?? 'query') !== 'query') throw invalid('The response_mode must be query.');
  if (given.get('code_challenge_method') !== 'S256') throw invalid('The code_challenge_method must be S256.');
  const challenge = given.get('code_challenge') ?? '';
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge)) throw invalid('There is no code_challenge of S256.');
  if ((given.get('state') ?? '').length > 4096) throw invalid('The state is too long.');
  if (given.getAll('resource').some((one) => one !== resource))
    throw new OAuthError('invalid_target', `Tokens are given for ${resource} alone.`);
  return challenge;
}

/** The address that tells the program what came of it. */
export const answerTo = (
  { redirectUri, state }: Pick<AppRequest, 'redirectUri' | 'state'>,
  issuer: string,
  answer: { code: string } | OAuthError,
): string =>
  withAnswer(redirectUri, {
    ...(answer instanceof OAuthError
      ? { error: answer.code, error_description: answer.message }
      : { code: answer.code }),
    state,
    iss: issuer,
  });
