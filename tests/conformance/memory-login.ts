/** A sign-in that a program does by itself, kept in memory: for the conformance suite, whose authorization servers ask nobody. */
import type {
  OAuthClientInformationContext,
  OAuthClientMetadata,
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';

export class MemoryLogin implements OAuthClientProvider {
  readonly redirectUrl = 'http://localhost:3000/callback';
  readonly clientMetadataUrl = 'https://conformance-test.local/client-metadata.json';
  readonly clientMetadata: OAuthClientMetadata = {
    client_name: 'alfred-vm',
    redirect_uris: ['http://localhost:3000/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    application_type: 'native',
  };
  /** What came back to the redirect URL, until it is used. */
  callback: URLSearchParams | undefined;
  readonly #registered: StoredOAuthClientInformation | undefined;
  readonly #clients = new Map<string, StoredOAuthClientInformation>();
  readonly #tokens = new Map<string, StoredOAuthTokens>();
  #lastTokens: StoredOAuthTokens | undefined;
  #verifier = '';
  #discovery: OAuthDiscoveryState | undefined;

  /** @param registered a client that was registered beforehand */
  constructor(registered?: StoredOAuthClientInformation) {
    this.#registered = registered;
  }

  /** Credentials belong to the authorization server that gave them (SEP-2352). */
  clientInformation(context?: OAuthClientInformationContext) {
    return this.#clients.get(context?.issuer ?? '') ?? this.#registered;
  }
  saveClientInformation(client: StoredOAuthClientInformation, context?: OAuthClientInformationContext) {
    this.#clients.set(context?.issuer ?? '', client);
  }
  tokens(context?: OAuthClientInformationContext) {
    return context?.issuer === undefined ? this.#lastTokens : this.#tokens.get(context.issuer);
  }
  saveTokens(tokens: StoredOAuthTokens, context?: OAuthClientInformationContext) {
    this.#tokens.set(context?.issuer ?? '', tokens);
    this.#lastTokens = tokens;
  }
  /** For the way back from the authorization server alone: a server may name another one the next time. */
  discoveryState = () => (this.callback === undefined ? undefined : this.#discovery);
  saveDiscoveryState(state: OAuthDiscoveryState) {
    this.#discovery = state;
  }
  codeVerifier = () => this.#verifier;
  saveCodeVerifier(verifier: string) {
    this.#verifier = verifier;
  }

  async redirectToAuthorization(url: URL): Promise<void> {
    const response = await fetch(url, { redirect: 'manual' });
    await response.body?.cancel();
    const location = response.headers.get('location');
    if (location === null) throw new Error('The authorization server sends nobody back');
    this.callback = new URL(location).searchParams;
  }

  invalidateCredentials(scope: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery'): void {
    if (scope === 'all' || scope === 'client') this.#clients.clear();
    if (scope === 'all' || scope === 'tokens') {
      this.#tokens.clear();
      this.#lastTokens = undefined;
    }
  }
}
