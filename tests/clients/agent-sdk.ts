/** The Claude Agent SDK as a program of its own that has the VM's `/mcp` among its servers; its model is a scripted endpoint. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { query } from '@anthropic-ai/claude-agent-sdk';
import { startMessagesApi } from '../helpers/messages-api.ts';

/** @returns the tools that its model was offered, and what the call of `greet` gave that model */
export async function askAgentSdk(url: string, token: string): Promise<{ tools: string[]; text: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alfred-agent-sdk-'));
  const model = await startMessagesApi(({ body }) =>
    JSON.stringify(body.messages).includes('"tool_result"')
      ? { text: 'Done.' }
      : { toolCalls: [{ name: 'mcp__alfred__greet', input: { person: 'Ada' } }] },
  );
  try {
    const messages = query({
      prompt: 'Greet Ada',
      options: {
        cwd: folder,
        mcpServers: { alfred: { type: 'http', url, headers: { Authorization: `Bearer ${token}` } } },
        allowedTools: ['mcp__alfred__greet'],
        env: {
          PATH: process.env.PATH ?? '',
          HOME: folder,
          ANTHROPIC_BASE_URL: model.url,
          ANTHROPIC_API_KEY: 'sk-ant-test-0123456789',
          ENABLE_TOOL_SEARCH: 'false',
        },
      },
    });
    for await (const _ of messages);
    const bodies = model.requests.map(
      ({ body }) => body as { tools?: { name: string }[]; messages: unknown },
    );
    const offered = bodies.flatMap(({ tools = [] }) => tools.map(({ name }) => name));
    const tools = [...new Set(offered)].filter((name) => name.startsWith('mcp__alfred__'));
    return {
      tools: tools.map((name) => name.slice('mcp__alfred__'.length)),
      text: JSON.stringify(bodies.at(-1)?.messages),
    };
  } finally {
    await model.close();
    await rm(folder, { recursive: true, force: true });
  }
}
