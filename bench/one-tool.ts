/**
 * The run that several benchmarks measure: a model asks for one tool of server-everything, gets its result, and answers. As a skill of a VM, and
 * as a bare `query()` of the Agent SDK, which starts its MCP server itself, holds the model's key and writes nothing down.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Options, query } from '@anthropic-ai/claude-agent-sdk';
import { systemPrompt } from '../src/runner/prompt.ts';
import { bareSession } from '../tests/helpers/bare-session.ts';
import { toolResultsOf } from '../tests/helpers/messages-api.ts';
import type { MessagesRequest, ScriptedTurn } from '../tests/helpers/messages-api-script.ts';
import type { TestVm } from '../tests/helpers/vm.ts';

export const model = 'claude-sonnet-5-5';
export const key = 'sk-ant-bench-0123456789abcdef';
export const prompt = 'Add two and three.';
export const everything = path.join(
  path.dirname(
    createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/package.json'),
  ),
  'dist/index.js',
);

/** What the model says. */
export const answer = ({ body }: MessagesRequest): ScriptedTurn =>
  toolResultsOf(body).length > 0
    ? { text: 'It is 5.' }
    : { toolCalls: [{ name: 'mcp__everything__get-sum', input: { a: 2, b: 3 } }] };

/** What a bare `query()` comes to, which starts its servers itself; empty where it fails. */
export async function bareAnswer(
  url: string,
  asked: string,
  servers: Pick<Options, 'allowedTools' | 'mcpServers'> = {},
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bare-'));
  const session = bareSession(folder, { url, key });
  const stream = query({
    prompt: asked,
    options: {
      ...session,
      env: { ...session.env, ENABLE_TOOL_SEARCH: 'false' },
      systemPrompt,
      model,
      ...servers,
    },
  });
  let result = '';
  for await (const message of stream) {
    if (message.type === 'result' && message.subtype === 'success') result = message.result;
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  return result;
}

/** @throws Error when it did not come to its answer */
export async function runBare(url: string): Promise<void> {
  const result = await bareAnswer(url, prompt, {
    allowedTools: ['mcp__everything__get-sum'],
    mcpServers: { everything: { command: process.execPath, args: [everything], alwaysLoad: true } },
  });
  if (result !== 'It is 5.') throw new Error(`the bare query ended with ${result}`);
}

/** The environment of a VM whose model is at `url`. */
export const environmentOf = (url: string) => ({
  ANTHROPIC_BASE_URL: url,
  ANTHROPIC_API_KEY: key,
  ALFRED_MODEL: model,
});

/** @throws Error when the VM refuses */
export async function ask(vm: TestVm, method: string, route: string, body?: unknown): Promise<unknown> {
  const response = await vm.api(method, route, body);
  if (response.status >= 400) throw new Error(`${route}: ${JSON.stringify(response.body)}`);
  return response.body;
}

/** Saves the skill `one-tool`, of which `atOnce` runs may go on. */
export async function addSkill(vm: TestVm, atOnce: number): Promise<void> {
  await ask(vm, 'POST', '/api/v1/connections', {
    name: 'everything',
    type: 'mcp_stdio',
    config: { command: process.execPath, args: [everything] },
  });
  await ask(vm, 'POST', '/api/v1/connections/everything/discover');
  await ask(vm, 'POST', '/api/v1/skills', {
    slug: 'one-tool',
    name: 'Add',
    concurrency: atOnce,
    steps: [{ id: 1, prompt, allowedTools: ['mcp__everything__get-sum'] }],
  });
}

/** @throws Error when the run did not succeed */
export async function runSkill(vm: TestVm): Promise<void> {
  const ended = (await ask(vm, 'POST', '/api/v1/skills/one-tool/run?wait=120', {})) as { status?: string };
  if (ended.status !== 'succeeded') throw new Error(`a run ended ${JSON.stringify(ended)}`);
}
