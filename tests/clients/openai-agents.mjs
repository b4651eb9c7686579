// The OpenAI Agents SDK's client: node openai-agents.mjs ADDRESS, with TOKEN in the environment.
import { MCPServerStreamableHttp } from '@openai/agents';

const server = new MCPServerStreamableHttp({
  name: 'alfred',
  url: process.argv[2],
  requestInit: { headers: { Authorization: `Bearer ${process.env.TOKEN}` } },
});
await server.connect();
const tools = await server.listTools();
const content = await server.callTool('greet', { person: 'Ada' });
process.stdout.write(`${JSON.stringify({ tools: tools.map(({ name }) => name), text: content[0].text })}\n`);
await server.close();
