#!/usr/bin/env bash
# @modelcontextprotocol/client 2.4.0 with a stdio server of the older protocol (server-memory 2026.8.31): `versionNegotiation:
# { mode: 'auto' }` starts the server's program twice for one connect: once to ask what it speaks, once to speak it.
# Whatever the program does when it starts (opens a file, asks for a sign-in, counts a licence), it does twice.
. "$(dirname "$0")/lib.sh"
install @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/server-memory@2026.8.31
cat > counted.mjs <<'JS'
import { appendFileSync } from 'node:fs';
appendFileSync('starts.txt', '.');
await import('@modelcontextprotocol/server-memory/dist/index.js');
JS
run connect.mjs <<'JS'
import { readFileSync, writeFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
for (const options of [{}, { versionNegotiation: { mode: 'auto' } }]) {
  writeFileSync('starts.txt', '');
  const client = new Client({ name: 'c', version: '1' }, options);
  await client.connect(new StdioClientTransport({ command: process.execPath, args: ['counted.mjs'], stderr: 'ignore' }));
  console.log(`${JSON.stringify(options)}: ${readFileSync('starts.txt', 'utf8').length} started, ${(await client.listTools()).tools.length} tools`);
  await client.close();
}
JS
sees <<'SEEN'
{}: 1 started, 9 tools
{"versionNegotiation":{"mode":"auto"}}: 2 started, 9 tools
SEEN
