#!/usr/bin/env bash
# npm 11.19.1: a certificate that nobody vouches for is taken for a network that is down. `npx` asks such a registry three times, and waits
# 10 and then 60 seconds between (fetch-retry-mintimeout, -maxtimeout), before it says the code that it had at the first: behind a proxy that
# reads along, each first start of a server by npx takes 70 seconds to fail. A name that is not there (404) fails at once.
. "$(dirname "$0")/lib.sh"
install npm@11.19.1
run slow.mjs <<'JS'
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
const files = ['-keyout', 'key.pem', '-out', 'cert.pem'];
const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...files, ...name], { stdio: 'ignore' });
const asked = [];
const server = createServer({ key: readFileSync('key.pem'), cert: readFileSync('cert.pem') }, (_, response) => {
  response.statusCode = 404;
  response.end('{}');
});
server.on('connection', () => asked.push(performance.now()));
server.on('tlsClientError', () => {});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
async function npx(what, more) {
  asked.length = 0;
  const env = {
    ...{ PATH: process.env.PATH, HOME: process.cwd(), npm_config_userconfig: '/dev/null' },
    ...{ npm_config_registry: `https://127.0.0.1:${server.address().port}/`, ...more },
  };
  const child = spawn('npx', ['-y', 'a-server'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  await new Promise((closed) => child.on('close', closed));
  const pauses = asked.slice(1).map((at, index) => Math.round((at - asked[index]) / 5000) * 5);
  const long = pauses.filter((seconds) => seconds > 0).map((seconds) => `${seconds} s`);
  console.log(`${what}: ${/code (\S+)/.exec(said)[1]}, pauses: ${long.join(', ') || 'none'}`);
}
await npx('a certificate that nobody vouches for', {});
await npx('with other waits', { npm_config_fetch_retry_mintimeout: '1000', npm_config_fetch_retry_maxtimeout: '2000' });
await npx('vouched for, and no such package', { NODE_EXTRA_CA_CERTS: `${process.cwd()}/cert.pem` });
process.exit(0);
JS
sees <<'SEEN'
a certificate that nobody vouches for: DEPTH_ZERO_SELF_SIGNED_CERT, pauses: 10 s, 60 s
with other waits: DEPTH_ZERO_SELF_SIGNED_CERT, pauses: none
vouched for, and no such package: E404, pauses: none
SEEN
