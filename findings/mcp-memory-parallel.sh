#!/usr/bin/env bash
# @modelcontextprotocol/server-memory 2026.8.31: twenty calls at once all report success, and one is kept.
# Each call reads the file, adds to it and writes it, while the others do the same; MCP lets a client send them so, and models
# do call several tools in one turn.
. "$(dirname "$0")/lib.sh"
install @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/server-memory@2026.8.31
run calls.mjs <<'JS'
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
const args = ['node_modules/@modelcontextprotocol/server-memory/dist/index.js'];
const client = new Client({ name: 'c', version: '1' });
await client.connect(new StdioClientTransport({ command: process.execPath, args, env: { MEMORY_FILE_PATH: `${process.cwd()}/memory.jsonl` }, stderr: 'ignore' }));
const add = (name) => client.callTool({ name: 'create_entities', arguments: { entities: [{ name, entityType: 'thing', observations: [] }] } });
const results = await Promise.all(Array.from({ length: 20 }, (_, index) => add(`thing ${index}`)));
const graph = await client.callTool({ name: 'read_graph', arguments: {} });
const kept = graph.structuredContent.entities.length;
console.log(`${results.filter(({ isError }) => !isError).length} of 20 calls succeed; all are kept: ${kept === 20}`);
await client.close();
JS
sees <<'SEEN'
20 of 20 calls succeed; all are kept: false
SEEN
