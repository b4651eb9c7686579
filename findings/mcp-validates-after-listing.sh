#!/usr/bin/env bash
# @modelcontextprotocol/sdk 1.32.2 and @modelcontextprotocol/client 2.4.0: whether callTool checks a result depends on an
# earlier call. A structuredContent that breaks the tool's outputSchema is returned as it is, until listTools was called once
# on that client; from then on the same call throws.
. "$(dirname "$0")/lib.sh"
install @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0
run call.mjs <<'JS'
import * as v2 from '@modelcontextprotocol/client';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
const outputSchema = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] };
for (const [version, Client] of [['1.32.2', V1Client], ['2.4.0', v2.Client]]) {
  const server = new Server({ name: 's', version: '1' }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools: [{ name: 'count', inputSchema: { type: 'object' }, outputSchema }] }));
  server.setRequestHandler(CallToolRequestSchema, async () => ({ content: [], structuredContent: { n: 'five' } }));
  const [here, there] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'c', version: '1' });
  await Promise.all([server.connect(there), client.connect(here)]);
  const call = () =>
    client.callTool({ name: 'count', arguments: {} }).then(
      (result) => JSON.stringify(result.structuredContent),
      (error) => `throws: ${error.message.replace('MCP error -32602: ', '')}`,
    );
  console.log(`${version}, before listTools: ${await call()}`);
  await client.listTools();
  console.log(`${version}, after it:         ${await call()}`);
  await client.close();
}
JS
sees <<'SEEN'
1.32.2, before listTools: {"n":"five"}
1.32.2, after it:         throws: Structured content does not match the tool's output schema: data/n must be number
2.4.0, before listTools: {"n":"five"}
2.4.0, after it:         throws: Structured content does not match the tool's output schema: data/n must be number
SEEN
