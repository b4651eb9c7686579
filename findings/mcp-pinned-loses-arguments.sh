#!/usr/bin/env bash
# mcp-obsidian 1.0.0, pinned: its two tools have lost their arguments, without a new version of it. It leaves zod to its peer
# zod-to-json-schema, which takes zod 4 by now and makes an empty schema of what zod 4 describes. With zod 3 beside it the arguments
# are there. A version that is pinned pins nothing of what it is made of.
. "$(dirname "$0")/lib.sh"
install @modelcontextprotocol/client@2.4.0
for zod in 4.6.7 3.25.76; do
  mkdir -p "$zod"
  echo '{ "private": true }' > "$zod/package.json"
  (cd "$zod" && npm install --silent --ignore-scripts --no-audit --no-fund \
    mcp-obsidian@1.0.0 zod-to-json-schema@3.25.2 "zod@$zod")
done
run list.mjs <<'JS'
import { mkdirSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
mkdirSync('vault');
const anything = { '~standard': { version: 1, vendor: 'none', validate: (value) => ({ value }) } };
for (const folder of ['4.6.7', '3.25.76']) {
  const client = new Client({ name: 'c', version: '1' });
  const args = [`${folder}/node_modules/mcp-obsidian/dist/index.js`, `${process.cwd()}/vault`];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }));
  const { tools } = await client.request({ method: 'tools/list' }, anything);
  console.log(`with zod ${folder}:`);
  for (const { name, inputSchema } of tools) console.log(`  ${name}: ${JSON.stringify(inputSchema)}`);
  console.log(`  the client: ${await client.listTools().then(() => 'takes the list', (error) => error.message.split('\n')[0])}`);
  await client.close();
}
JS
sees <<'SEEN'
with zod 4.6.7:
  read_notes: {"$schema":"http://json-schema.org/draft-07/schema#"}
  search_notes: {"$schema":"http://json-schema.org/draft-07/schema#"}
  the client: Invalid result for tools/list: [
with zod 3.25.76:
  read_notes: {"type":"object","properties":{"paths":{"type":"array","items":{"type":"string"}}},"required":["paths"],"additionalProperties":false,"$schema":"http://json-schema.org/draft-07/schema#"}
  search_notes: {"type":"object","properties":{"query":{"type":"string"}},"required":["query"],"additionalProperties":false,"$schema":"http://json-schema.org/draft-07/schema#"}
  the client: takes the list
SEEN
