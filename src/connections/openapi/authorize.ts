/** How an HTTP API is told who asks. */
import type { HttpApiAuth } from '../../contract/http-connections.ts';
import type { GuardedFetch } from '../../outbound/guarded-fetch.ts';
import { challengeOf } from '../login/discover.ts';
import type { LinkLogin } from '../login/link-login.ts';
import type { RequestAdditions } from './build-request.ts';
import { ClientCredentials } from './client-credentials.ts';
import type { ParameterPlace } from './operation.ts';

/** A value that came to be while the connection was in use and must be redacted like any secret of it. */
export type RegisterSecret = (field: string, value: string) => void;

/** What is added to one request. */
export type Signed = RequestAdditions & {
  /** After a 401 to it: gets rid of what was refused; true when asking again may help. @throws as `sign` does */
  renew: () => Promise<boolean>;
};

export type Authorizer = {
  /** @throws AlfredError E_NEEDS_LOGIN when no token is to be had; else what keeps the authorization server from answering */
  sign: () => Promise<Signed>;
  /** Keeps for whoever signs in next what a refusal says that is wanted. @returns the scope, if it names one */
  noteRefusal: (response: Pick<Response, 'headers'>) => Promise<string | undefined>;
  /** Values that must not leave the API's origin in a URL. */
  secrets: string[];
};

const noRefusal = async () => undefined;

const fixed = (additions: RequestAdditions, secrets: string[]): Authorizer => ({
  sign: async () => ({ ...additions, renew: async () => false }),
  noteRefusal: noRefusal,
  secrets,
});

const bearer = (token: string): RequestAdditions => ({
  headers: { authorization: `Bearer ${token}` },
  query: {},
});

/** With the token of whoever signed in. */
const signedIn = (login: LinkLogin): Authorizer => ({
  async sign() {
    const token = await login.token();
    return {
      ...bearer(token),
      async renew() {
        await login.renewed(token);
        return true;
      },
    };
  },
  async noteRefusal(response) {
    const challenge = challengeOf(response);
    await login.noteChallenge(challenge);
    return challenge.error === 'insufficient_scope' ? challenge.scope : undefined;
  },
  secrets: [],
});

/**
 * @param deps.login of a connection that somebody signs in to: used where it has no credentials of its own
 */
export function createAuthorizer(
  auth: HttpApiAuth,
  deps: { fetch: GuardedFetch['fetch']; registerSecret: RegisterSecret; login?: LinkLogin | undefined },
): Authorizer {
  switch (auth.type) {
    case 'none':
    case 'oauth2':
      return deps.login === undefined ? fixed({ headers: {}, query: {} }, []) : signedIn(deps.login);
    case 'bearer':
      return fixed(bearer(auth.token), [auth.token]);
    case 'basic': {
      const credentials = Buffer.from(`${auth.username}:${auth.password}`).toString('base64');
      // In this form the password shows up with another alignment than its own base64.
      deps.registerSecret('password', credentials);
      return fixed({ headers: { authorization: `Basic ${credentials}` }, query: {} }, [
        auth.password,
        credentials,
      ]);
    }
    case 'header':
      return fixed({ headers: { [auth.name]: auth.value }, query: {} }, [auth.value]);
    case 'query':
      return fixed({ headers: {}, query: { [auth.name]: auth.value } }, [auth.value]);
    case 'oauth2ClientCredentials': {
      const client = new ClientCredentials(auth, deps);
      return {
        sign: async () => ({ ...bearer(await client.token()), renew: async () => client.forget() }),
        noteRefusal: noRefusal,
        secrets: [auth.clientSecret],
      };
    }
  }
}

/** The parameters that `auth` and fixed headers stand for: no tool asks for them. */
export function coveredParameters(
  auth: HttpApiAuth,
  headers: Record<string, unknown>,
): { in: ParameterPlace; name: string }[] {
  const covered: { in: ParameterPlace; name: string }[] = Object.keys(headers).map((name) => ({
    in: 'header',
    name,
  }));
  if (auth.type === 'header' || auth.type === 'query') covered.push({ in: auth.type, name: auth.name });
  return covered;
}
