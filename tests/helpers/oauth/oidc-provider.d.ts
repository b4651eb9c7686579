/** What our tests use of oidc-provider, which comes without types. */
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http';

  type Token = { scope?: string; scopes: Set<string>; accountId: string; destroy(): Promise<void> };
  export class Provider {
    constructor(issuer: string, configuration: object);
    callback(): RequestListener;
    AccessToken: { find(value: string): Promise<Token | undefined> };
    on(event: string, listener: (...args: unknown[]) => void): void;
  }
}
