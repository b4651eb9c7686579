/** The login of one link: the token for each request, and the next one when it is not taken. */
import { computeScopeUnion } from '@modelcontextprotocol/client';
import type { OAuthLogin } from '../../contract/login-config.ts';
import type { Challenge } from './discover.ts';
import { nobodySignedIn } from './login-ends.ts';
import { type HeldToken, heldIn, isEnough, type Logins } from './logins.ts';

export type LinkLogin = {
  /** @throws AlfredError E_NEEDS_LOGIN when only a person can help; else what keeps the authorization server from answering */
  token(): Promise<string>;
  /** Another one than `refused`. @throws as `token` does */
  renewed(refused: string): Promise<string>;
  /** Keeps what a call was refused for want of, for whoever signs in next. */
  noteChallenge(challenge: Challenge & { error?: string | undefined }): Promise<void>;
};

/** @param login as it was when the link was opened, its secrets open */
export function linkLogin(logins: Logins, name: string, login: OAuthLogin): LinkLogin {
  let held: HeldToken | undefined = heldIn(login);
  let noted = login.missing;
  const hold = async (next: Promise<HeldToken>): Promise<string> => {
    held = await next;
    return held.accessToken;
  };
  return {
    async token() {
      if (held !== undefined && isEnough(held, {})) return held.accessToken;
      return hold(logins.token(name));
    },
    async renewed(refused) {
      if (held !== undefined && held.accessToken !== refused) return held.accessToken;
      return hold(logins.token(name, { refused }));
    },
    async noteChallenge({ error, scope }) {
      if (error !== 'insufficient_scope' || scope === undefined) return;
      const missing = computeScopeUnion(noted, scope.slice(0, 2_000));
      if (missing === undefined || missing === noted) return;
      noted = missing;
      await logins.noteMissing(name, missing);
    },
  };
}

/** Of a connection to which nobody has signed in, and which is nothing without. */
export function nobodysLogin(name: string): LinkLogin {
  const refuse = async (): Promise<never> => {
    throw nobodySignedIn(name);
  };
  return { token: refuse, renewed: refuse, noteChallenge: async () => {} };
}

/** Sends a request with the token of a login; once more with the next one, where the server does not take it. */
export async function sendSignedIn(
  login: LinkLogin,
  headers: Headers,
  send: (headers: Headers) => Promise<Response>,
): Promise<Response> {
  const token = await login.token();
  headers.set('authorization', `Bearer ${token}`);
  const response = await send(headers);
  if (response.status !== 401) return response;
  await response.body?.cancel();
  headers.set('authorization', `Bearer ${await login.renewed(token)}`);
  return send(headers);
}
