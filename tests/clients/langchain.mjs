// LangChain's adapters: node langchain.mjs ADDRESS, with TOKEN in the environment.
import { MultiServerMCPClient } from '@langchain/mcp-adapters';

const client = new MultiServerMCPClient({
  mcpServers: {
    alfred: {
      transport: 'http',
      url: process.argv[2],
      headers: { Authorization: `Bearer ${process.env.TOKEN}` },
    },
  },
});
const tools = await client.getTools();
const text = await tools.find(({ name }) => name === 'greet').invoke({ person: 'Ada' });
process.stdout.write(
  `${JSON.stringify({ tools: tools.map(({ name }) => name), text: JSON.stringify(text) })}\n`,
);
await client.close();
