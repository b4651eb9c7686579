/**
 * A server whose tools and results are those of a file, `{ tools, results: { <tool>: result } }`, and that writes down every
 * call that reaches it: `node scripted-server.ts FILE LEDGER`. A tool without a result answers with its name.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const [file = '', ledger = ''] = process.argv.slice(2);
const { tools, results } = JSON.parse(readFileSync(file, 'utf8'));
const server = new Server({ name: 'scripted', version: '1' }, { capabilities: { tools: {} } });
server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }));
server.setRequestHandler(CallToolRequestSchema, ({ params: { name, arguments: args = {} } }) => {
  appendFileSync(ledger, `${JSON.stringify([name, args])}\n`);
  return results[name] ?? { content: [{ type: 'text', text: `${name} is done` }] };
});
await server.connect(new StdioServerTransport());
