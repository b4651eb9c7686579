/**
 * By which addresses programs know this VM. It answers to several names (127.0.0.1, localhost, its public one), and a program
 * holds what it is told against the address that it was given: so each is told of by its own, which the check of hosts has let
 * pass (web/hosts.ts). All of them are one server, with the same tokens.
 */
import type { z } from 'zod';
import { appScope, type authorizationMetadataSchema, type resourceMetadataSchema } from '../contract/apps.ts';
import { nameOf } from '../web/hosts.ts';

/** @param host of the `Host` header @returns the issuer: scheme and host, without a slash at its end */
export function issuerAt(host: string, publicUrl: string | undefined): string {
  const url = publicUrl === undefined ? undefined : new URL(publicUrl);
  return url?.hostname === nameOf(host) ? url.origin : `http://${host.toLowerCase()}`;
}

export const resourceOf = (issuer: string): string => `${issuer}/mcp`;

/** The header by which a 401 of `/mcp` says where a program can ask to be let in. */
export const challengeOf = (issuer: string, hadToken: boolean): string =>
  [
    'Bearer realm="alfred"',
    ...(hadToken ? ['error="invalid_token"'] : []),
    `resource_metadata="${issuer}/.well-known/oauth-protected-resource/mcp"`,
    `scope="${appScope}"`,
  ].join(', ');

export const resourceMetadata = (issuer: string): z.output<typeof resourceMetadataSchema> => ({
  resource: resourceOf(issuer),
  authorization_servers: [issuer],
  scopes_supported: [appScope],
  bearer_methods_supported: ['header'],
  resource_name: 'Alfred',
});

export const authorizationMetadata = (issuer: string): z.output<typeof authorizationMetadataSchema> => ({
  issuer,
  authorization_endpoint: `${issuer}/oauth/authorize`,
  token_endpoint: `${issuer}/oauth/token`,
  registration_endpoint: `${issuer}/oauth/register`,
  revocation_endpoint: `${issuer}/oauth/revoke`,
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_methods_supported: ['none'],
  revocation_endpoint_auth_methods_supported: ['none'],
  code_challenge_methods_supported: ['S256'],
  scopes_supported: [appScope],
  client_id_metadata_document_supported: true,
  authorization_response_iss_parameter_supported: true,
});
