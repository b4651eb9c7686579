/** A server of the 2026-07-28 protocol by HTTP, on the SDK's own handler; it speaks nothing older. */
import { createMcpHandler, fromJsonSchema, McpServer } from '@modelcontextprotocol/server';
import { type Canary, startCanary } from '../canary.ts';
import { answerByFetch } from './answer-by-fetch.ts';

export type ModernHttp = Canary & { mcp: string; addTool: () => void };

export async function startModernHttp(): Promise<ModernHttp> {
  let extra = false;
  const handler = createMcpHandler(
    () => {
      const server = new McpServer(
        { name: 'modern-http', version: '2.0.0' },
        { capabilities: { tools: { listChanged: true } } },
      );
      const region: object = { type: 'string', 'x-mcp-header': 'Region' };
      const inputSchema = fromJsonSchema<{ region: string }>({
        type: 'object',
        properties: { region },
        required: ['region'],
      });
      server.registerTool('where', { description: 'Says where', inputSchema }, async ({ region }) => ({
        content: [{ type: 'text', text: `in ${region}` }],
      }));
      if (extra) server.registerTool('extra', { description: 'Came later' }, async () => ({ content: [] }));
      return server;
    },
    { legacy: 'reject' },
  );
  const canary = await startCanary(async (request, response) => {
    const body = canary.last().body;
    await answerByFetch(handler, 'http://127.0.0.1', request, body, response);
  });
  return {
    ...canary,
    mcp: `${canary.url}/mcp`,
    addTool() {
      extra = true;
      handler.notify.toolsChanged();
    },
    async close() {
      await handler.close();
      await canary.close();
    },
  };
}
