/** An MCP server of as many tools as it is told to have, each described as real ones are: `node tools-server.ts 100`. */
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

const count = Number(process.argv[2]);

serveStdio(() => {
  const server = new McpServer({ name: 'many', version: '1.0.0' }, { capabilities: { tools: {} } });
  for (let number = 1; number <= count; number++) {
    server.registerTool(
      `read-record-${number}`,
      {
        description: `Reads a record of register ${number} by its number, as it was on a day, with those that it refers to if wanted.`,
        inputSchema: z.object({
          record: z.string().describe('The number of the record'),
          day: z.string().optional().describe('As 2026-11-30; today when left out'),
          depth: z.number().int().min(0).max(5).optional().describe('How far references are followed'),
        }),
        annotations: { readOnlyHint: true },
      },
      async ({ record }) => ({ content: [{ type: 'text', text: `Record ${record}.` }] }),
    );
  }
  return server;
});
