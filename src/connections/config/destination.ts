/** Where a connection's secrets go. When that changes they must be entered again: it is how secrets get stolen. */
import { isDeepStrictEqual } from 'node:util';
import { decidesDestination } from './check-stdio-config.ts';
import type { TypedConfig } from './typed-config.ts';

export const isSameDestination = (one: TypedConfig, other: TypedConfig): boolean =>
  isDeepStrictEqual(destinationOf(one), destinationOf(other));

function destinationOf({ type, config }: TypedConfig): unknown {
  switch (type) {
    case 'mcp_stdio': {
      const { command, args, cwd, env } = config;
      const variables = Object.entries(env)
        .flatMap(([name, value]) =>
          typeof value === 'object' && decidesDestination(name, value.plain) ? [[name, value.plain]] : [],
        )
        .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
      return { command, args, cwd, variables };
    }
    case 'mcp_http':
      return { url: config.url, issuer: config.oauth?.issuer };
    case 'http_api': {
      const { baseUrl, openapi, origin, serverVariables, auth } = config;
      return {
        // Without a base URL of the owner's, the document says where the API is.
        api: baseUrl ?? { openapi, origin, serverVariables },
        tokenUrl: auth.type === 'oauth2ClientCredentials' ? auth.tokenUrl : undefined,
      };
    }
  }
}
