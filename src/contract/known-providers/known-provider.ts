/** Who signs people in to the APIs of a company: what its documents say, so that nobody need look it up. */
export type KnownProvider = {
  title: string;
  /** Hosts of its APIs, each with all below it. */
  apis: readonly string[];
  authorizationUrl: string;
  tokenUrl: string;
  /** Where tokens are renewed, if elsewhere. */
  refreshUrl?: string;
  /** Where a code for another device is asked for (RFC 8628). */
  deviceUrl?: string;
  /** Where tokens are taken back (RFC 7009). */
  revocationUrl?: string;
  /** Where it looks for the secret of a client. */
  send: 'basic' | 'body';
  /** Whether a client has a secret: `never` for one of a program on a person's own machine. */
  secret: 'always' | 'maybe' | 'never';
  /** False where it has no place for a PKCE challenge. */
  pkce: boolean;
  /** What is sent along to the page where one signs in. */
  ask?: Readonly<Record<string, string>>;
  /** What is sent along to the token endpoint. */
  askForTokens?: Readonly<Record<string, string>>;
  /** The parameter of the page that takes the scopes, where it is not `scope`; and of a device's request. */
  scopeField?: string;
  deviceScopeField?: string;
  /** What stands between scopes, where it is no space. */
  scopeSeparator?: string;
  /** Without this scope it gives no leave to renew; asked for with every sign-in. */
  renewScope?: string;
  /** Whether a sign-in is renewed by itself, in words for a person. */
  renews: string;
  /** What each of the scopes that owners want lets Alfred do. */
  scopes: Readonly<Record<string, string>>;
  /** Where a client is made, and what to click there; `{redirect}` stands for the address to come back to. */
  client: { url: string; steps: readonly string[] };
  /** `port`: any port of http://127.0.0.1; `exact`: the address to the letter; `https`: none but https. */
  redirect: 'port' | 'exact' | 'https';
  /** What trips people there. */
  know: readonly string[];
  /** Where all this is from. */
  sources: readonly string[];
};
