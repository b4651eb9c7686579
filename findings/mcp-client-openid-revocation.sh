#!/usr/bin/env bash
# @modelcontextprotocol/client 2.4.0: `revocation_endpoint` of an authorization server is known where its metadata is read at
# /.well-known/oauth-authorization-server, and gone where the same document is read at /.well-known/openid-configuration: the
# schema for the second drops what it does not name. Who wants to sign out there must read the document again.
. "$(dirname "$0")/lib.sh"
install @modelcontextprotocol/client@2.4.0
run discover.mjs <<'JS'
import { discoverAuthorizationServerMetadata } from '@modelcontextprotocol/client';
const issuer = 'https://id.test';
const document = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  revocation_endpoint: `${issuer}/revoke`,
  jwks_uri: `${issuer}/jwks`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
};
for (const place of ['oauth-authorization-server', 'openid-configuration']) {
  const fetchFn = async (url) =>
    new URL(url).pathname.endsWith(place) ? Response.json(document) : new Response(null, { status: 404 });
  const found = await discoverAuthorizationServerMetadata(issuer, { fetchFn });
  console.log(place.padEnd(27), String(found.revocation_endpoint));
}
JS
sees <<'TXT'
oauth-authorization-server  https://id.test/revoke
openid-configuration        undefined
TXT
