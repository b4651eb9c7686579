/** How an HTTP API is told who asks. */
import type { HttpApiAuth } from '../../contract/http-connections.ts';
import type { GuardedFetch } from '../../outbound/guarded-fetch.ts';
import type { RequestAdditions } from './build-request.ts';
import { ClientCredentials } from './client-credentials.ts';
import type { ParameterPlace } from './operation.ts';

/** A value that came to be while the connection was in use and must be redacted like any secret of it. */
export type RegisterSecret = (field: string, value: string) => void;

export type Authorizer = {
  /** What to add to a request. @throws AlfredError E_NEEDS_LOGIN when no token is to be had */
  additions: () => Promise<RequestAdditions>;
  /** After a 401: gets rid of what was refused; true when asking again may help. */
  renew: () => boolean;
  /** Values that must not leave the API's origin in a URL. */
  secrets: string[];
};

const fixed = (additions: RequestAdditions, secrets: string[]): Authorizer => ({
  additions: async () => additions,
  renew: () => false,
  secrets,
});

export function createAuthorizer(
  auth: HttpApiAuth,
  deps: { fetch: GuardedFetch['fetch']; registerSecret: RegisterSecret },
): Authorizer {
  switch (auth.type) {
    case 'none':
      return fixed({ headers: {}, query: {} }, []);
    case 'bearer':
      return fixed({ headers: { authorization: `Bearer ${auth.token}` }, query: {} }, [auth.token]);
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
        additions: async () => ({ headers: { authorization: `Bearer ${await client.token()}` }, query: {} }),
        renew: () => client.forget(),
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
