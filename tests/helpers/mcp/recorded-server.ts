/** Plays back what record.ts recorded of a published server: its tools word for word, and one answer for each. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';

const [name = ''] = process.argv.slice(2);
const { tools, results } = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8'),
) as { tools: Tool[]; results: Record<string, CallToolResult> };

const server = new Server({ name, version: '1' }, { capabilities: { tools: {} } });
server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools }));
server.setRequestHandler(
  CallToolRequestSchema,
  async ({ params }) =>
    results[params.name] ?? { isError: true, content: [{ type: 'text', text: 'No answer was recorded.' }] },
);
await server.connect(new StdioServerTransport());
