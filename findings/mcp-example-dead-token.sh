#!/usr/bin/env bash
# The OAuth example of @modelcontextprotocol/sdk 1.32.2 (simpleStreamableHttp --oauth), which many servers begin as: without a token it
# answers 401 and says where to sign in; a token that it does not know, as after its restart, is a 500 of the server, without a challenge.
# Its verifier throws an Error, and requireBearerAuth answers 401 to an InvalidTokenError alone: a client is never told to renew or to
# sign in again, and takes the server for broken.
. "$(dirname "$0")/lib.sh"
install @modelcontextprotocol/sdk@1.32.2
run ask.mjs <<'JS'
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

async function freePort() {
  const holder = createServer().listen(0);
  await once(holder, 'listening');
  const { port } = holder.address();
  holder.close();
  await once(holder, 'close');
  return port;
}
const [port, authPort] = [await freePort(), await freePort()];
const example = 'node_modules/@modelcontextprotocol/sdk/dist/esm/examples/server/simpleStreamableHttp.js';
const child = spawn(process.execPath, [example, '--oauth'], {
  env: { ...process.env, MCP_PORT: port, MCP_AUTH_PORT: authPort },
  stdio: ['ignore', 'pipe', 'ignore'],
});
let said = '';
for await (const chunk of child.stdout) if ((said += chunk).split('listening on port').length === 3) break;
for (const [what, headers] of [
  ['without a token', {}],
  ['with one of before', { authorization: 'Bearer 0f8fad5b-d9cb-469f-a165-70867728950e' }],
]) {
  const answer = await fetch(`http://localhost:${port}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
  });
  const { error } = await answer.json();
  console.log(`${what}: ${answer.status} ${error}, ${answer.headers.has('www-authenticate') ? 'with' : 'without'} a challenge`);
}
child.kill();
JS
sees <<'SEEN'
without a token: 401 invalid_token, with a challenge
with one of before: 500 server_error, without a challenge
SEEN
