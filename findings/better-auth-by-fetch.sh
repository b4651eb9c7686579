#!/usr/bin/env bash
# better-auth 1.7.25 with @better-auth/mcp 1.7.5 as an authorization server: a browser at its authorization endpoint is redirected to the
# page of the sign-in. Node's fetch gets 200 and the address as JSON, whatever headers it is given: it says of every request that it is a
# script's (sec-fetch-mode: cors), which no caller can change, and by that the server decides. Whoever follows a sign-in by a program, or
# looks whether an address redirects, sees something else than the owner's browser.
. "$(dirname "$0")/lib.sh"
# Its own range of better-auth has this version, and npm refuses the two together: the plugin names one version of better-call alone.
npm_config_legacy_peer_deps=true install better-auth@1.7.25 @better-auth/mcp@1.7.5
run ask.mjs <<'JS'
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { mcp } from '@better-auth/mcp';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { jwt } from 'better-auth/plugins';

const server = createServer((request, response) => handler(request, response)).listen(0, '127.0.0.1');
await once(server, 'listening');
const baseURL = `http://127.0.0.1:${server.address().port}`;
const options = {
  baseURL,
  secret: 'good for this alone, and for nothing else',
  database: new DatabaseSync(':memory:'),
  emailAndPassword: { enabled: true },
  plugins: [
    jwt(),
    mcp({
      ...{ loginPage: '/login', consentPage: '/consent', resource: `${baseURL}/mcp` },
      ...{ allowDynamicClientRegistration: true, allowUnauthenticatedClientRegistration: true },
    }),
  ],
};
await (await getMigrations(options)).runMigrations();
const handler = toNodeHandler(betterAuth(options));

const redirectUri = 'http://127.0.0.1:33418/callback';
const registered = await fetch(`${baseURL}/api/auth/oauth2/register`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    ...{ client_name: 'Editor', redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' },
    ...{ application_type: 'native', grant_types: ['authorization_code'], response_types: ['code'] },
  }),
});
const { client_id } = await registered.json();
const asked = new URL(`${baseURL}/api/auth/oauth2/authorize`);
for (const [name, value] of Object.entries({
  ...{ response_type: 'code', client_id, redirect_uri: redirectUri, state: 's', scope: 'openid' },
  ...{ code_challenge: 'A'.repeat(43), code_challenge_method: 'S256' },
}))
  asked.searchParams.set(name, value);
const show = (what, status, location, type = '') =>
  console.log(`${what}: ${status} ${location ? `to ${new URL(location, baseURL).pathname}` : type.split(';')[0]}`);

const [seen] = await once(get(asked, { headers: { accept: 'text/html' } }), 'response');
show('as a browser', seen.statusCode, seen.headers.location, seen.headers['content-type']);
for (const headers of [{}, { accept: 'text/html', 'sec-fetch-mode': 'navigate' }]) {
  const answer = await fetch(asked, { redirect: 'manual', headers });
  show(`fetch ${JSON.stringify(headers)}`, answer.status, answer.headers.get('location'), answer.headers.get('content-type') ?? '');
}
server.closeAllConnections();
process.exit(0);
JS
sees <<'SEEN'
as a browser: 302 to /login
fetch {}: 200 application/json
fetch {"accept":"text/html","sec-fetch-mode":"navigate"}: 200 application/json
SEEN
