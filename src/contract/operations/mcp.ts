import { z } from 'zod';
import { operation } from '../operation.ts';

const messages = {
  description: 'JSON-RPC 2.0, as the Model Context Protocol has it',
  content: {
    'application/json': { schema: z.record(z.string(), z.unknown()) },
    'text/event-stream': { schema: z.string() },
  },
};

export const mcpOperations = {
  callMcp: operation('POST /mcp', {
    // Skills as tools of an MCP server; whoever may only run is given what came of their own runs.
    access: 'run',
    summary: 'Run skills as an MCP client',
    description:
      'The VM as an MCP server (streamable HTTP): of the protocol of 2026-07-28 without a session, of those of 2024 and 2025 in one. Every active skill that the token is for is a tool of its slug’s name; `get_execution` asks for a run later; executions are resources. A call answers within 50 s, with the run or with its id.',
    tags: ['mcp'],
    body: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).describe('A JSON-RPC message'),
    responses: { 200: messages, 202: { description: 'Taken in', content: messages.content } },
  }),
  followMcp: operation('GET /mcp', {
    access: 'run',
    summary: 'Follow an MCP session',
    description: 'Answered with 405: there is no stream beside the answers.',
    tags: ['mcp'],
    responses: { 200: messages },
  }),
  endMcpSession: operation('DELETE /mcp', {
    access: 'run',
    summary: 'End an MCP session',
    tags: ['mcp'],
    responses: { 200: messages },
  }),
};
