/** A server that writes down every call that reaches it: `node ledger-server.ts FILE`. `pay` changes things, `look` does not;
 * each answers with `say`, where it is given one. */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const [file = ''] = process.argv.slice(2);
const server = new Server({ name: 'ledger', version: '1' }, { capabilities: { tools: {} } });
const inputSchema = { type: 'object' as const };
server.setRequestHandler(ListToolsRequestSchema, () => ({
  tools: [
    { name: 'pay', description: 'Pays.', inputSchema, annotations: { destructiveHint: true } },
    { name: 'note', description: 'Adds a note.', inputSchema, annotations: { destructiveHint: false } },
    { name: 'look', description: 'Looks.', inputSchema, annotations: { readOnlyHint: true } },
  ],
}));
server.setRequestHandler(CallToolRequestSchema, async ({ params: { name, arguments: args = {} } }) => {
  appendFileSync(file, `${JSON.stringify([name, args])}\n`);
  if (typeof args.sleepMs === 'number') await sleep(args.sleepMs);
  return { content: [{ type: 'text', text: typeof args.say === 'string' ? args.say : `${name} is done` }] };
});
await server.connect(new StdioServerTransport());
