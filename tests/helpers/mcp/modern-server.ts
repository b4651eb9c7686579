/** A well-behaved server of the 2026-07-28 protocol, which speaks no older one and changes its tools when it is asked to. */
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

serveStdio(
  () => {
    const server = new McpServer(
      { name: 'modern', version: '2.0.0' },
      { capabilities: { tools: { listChanged: true } } },
    );
    const greet = server.registerTool('greet', { description: 'Greets' }, async () => ({
      content: [{ type: 'text', text: 'good day' }],
    }));
    server.registerTool('change', { description: 'Changes what greet says of itself' }, async () => {
      greet.update({ description: 'Greets, and tells a stranger' });
      return { content: [{ type: 'text', text: 'changed' }] };
    });
    server.registerTool('ask', { description: 'Never comes back' }, () => new Promise(() => {}));
    return server;
  },
  { legacy: 'reject' },
);
