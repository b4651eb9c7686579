/** The product's own sign-in, kept in memory in place of a row: for the conformance suite, whose authorization servers ask nobody. */
import { computeScopeUnion } from '@modelcontextprotocol/client';
import type { KnownClient } from '../../src/connections/login/choose-client.ts';
import { completeLogin } from '../../src/connections/login/complete-login.ts';
import { findMcpLogin } from '../../src/connections/login/find-mcp-login.ts';
import type { LinkLogin } from '../../src/connections/login/link-login.ts';
import { needsLogin } from '../../src/connections/login/login-ends.ts';
import { planLogin } from '../../src/connections/login/plan-login.ts';
import { isRenewable, renewTokens } from '../../src/connections/login/renew-tokens.ts';
import type { OAuthLogin } from '../../src/contract/login-config.ts';
import { createGuardedFetch } from '../../src/outbound/guarded-fetch.ts';

export class MemoryLogin implements LinkLogin {
  readonly #guarded = createGuardedFetch({ allowPrivateNetwork: true });
  readonly #serverUrl: URL;
  readonly #byHand: { clientId: string; clientSecret?: string | undefined } | undefined;
  #known: KnownClient[] = [];
  #login: OAuthLogin | undefined;
  #missing: string | undefined;

  /** @param byHand a client that was registered beforehand */
  constructor(serverUrl: URL, byHand?: { clientId: string; clientSecret?: string | undefined }) {
    this.#serverUrl = serverUrl;
    this.#byHand = byHand;
  }

  get isSignedIn(): boolean {
    return this.#login !== undefined;
  }

  async signIn(): Promise<void> {
    const { fetch: send } = this.#guarded;
    const place = await findMcpLogin({
      serverUrl: this.#serverUrl,
      keep: [this.#login?.asked, this.#missing],
      omitResource: false,
      fetch: send,
    });
    const plan = await planLogin({
      ...place,
      redirectUri: 'http://localhost:3000/callback',
      documentUrl: 'https://conformance-test.local/client-metadata.json',
      known: this.#known,
      byHand: this.#byHand,
      // The suite stands for a person who agrees.
      guessEndpoints: true,
      fetch: send,
    });
    this.#known = [plan.client];
    const response = await fetch(plan.authorizationUrl, { redirect: 'manual' });
    await response.body?.cancel();
    const location = response.headers.get('location');
    if (location === null) throw new Error('The authorization server sends nobody back');
    this.#login = await completeLogin(plan, new URL(location).searchParams, this.#guarded.fetch);
  }

  async token(): Promise<string> {
    return this.#login?.accessToken ?? '';
  }

  async renewed(): Promise<string> {
    const login = this.#login;
    if (login === undefined || !isRenewable(login)) throw needsLogin('conformance', 'It cannot be renewed.');
    const renewal = await renewTokens(login, this.#guarded.fetch, async () => {});
    if (renewal.outcome !== 'renewed') throw needsLogin('conformance', 'It was not renewed.');
    this.#login = renewal.login;
    return this.token();
  }

  async noteChallenge({ scope }: { scope?: string | undefined }): Promise<void> {
    this.#missing = computeScopeUnion(this.#missing, scope);
  }

  close(): Promise<void> {
    return this.#guarded.close();
  }
}
