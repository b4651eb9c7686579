#!/usr/bin/env bash
# @modelcontextprotocol/client 2.4.0, `versionNegotiation: { mode: 'auto' }`: whether a server of the 2025 protocol is found
# depends on how it refuses a method that it does not know. An error in JSON-RPC, or 404, leads on to `initialize`; 500, which
# frameworks send for whatever they cannot handle, is the end over HTTP. By default (`initialize` at once) each connects.
. "$(dirname "$0")/lib.sh"
install @modelcontextprotocol/client@2.4.0
run probe.mjs <<'JS'
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
const refusals = {
  'an error of JSON-RPC': [200, (id) => ({ jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } })],
  404: [404, () => ({ error: 'unknown' })],
  500: [500, () => ({ error: 'unknown' })],
};
for (const [name, [status, refusal]] of Object.entries(refusals)) {
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.method !== 'POST') return response.writeHead(405).end();
    const { id, method, params } = JSON.parse(Buffer.concat(chunks));
    const send = (code, body) => response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (id === undefined) return response.writeHead(202).end();
    if (method !== 'initialize') return send(status, refusal(id));
    const { protocolVersion } = params;
    send(200, { jsonrpc: '2.0', id, result: { protocolVersion, capabilities: {}, serverInfo: { name: 's', version: '1' } } });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  for (const [mode, options] of [['default', {}], ['auto', { versionNegotiation: { mode: 'auto' } }]]) {
    const client = new Client({ name: 'c', version: '1' }, options);
    const transport = new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${server.address().port}/mcp`));
    const told = await client.connect(transport).then(() => 'connected', (error) => error.constructor.name);
    console.log(`unknown methods get ${name}; ${mode}: ${told}`);
    await client.close();
  }
  server.close();
}
JS
sees <<'SEEN'
unknown methods get 404; default: connected
unknown methods get 404; auto: connected
unknown methods get 500; default: connected
unknown methods get 500; auto: SdkHttpError
unknown methods get an error of JSON-RPC; default: connected
unknown methods get an error of JSON-RPC; auto: connected
SEEN
