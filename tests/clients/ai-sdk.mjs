// The AI SDK's client: node ai-sdk.mjs ADDRESS, with TOKEN in the environment.
import { createMCPClient } from '@ai-sdk/mcp';

const client = await createMCPClient({
  transport: {
    type: 'http',
    url: process.argv[2],
    headers: { Authorization: `Bearer ${process.env.TOKEN}` },
  },
});
const tools = await client.tools();
const result = await tools.greet.execute({ person: 'Ada' }, { toolCallId: 'one', messages: [] });
process.stdout.write(`${JSON.stringify({ tools: Object.keys(tools), text: result.content[0].text })}\n`);
await client.close();
