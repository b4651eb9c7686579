/**
 * Has programs that people use list a VM's skills at `/mcp` and run one. They are no dependencies of ours (262 MB); docs/mcp-clients.md
 * has their versions, and how they fare. Exits 1 when one does not.
 *
 *   node tests/clients/run.ts DIR
 */
import { execFile } from 'node:child_process';
import { copyFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { startMessagesApi, userTextOf } from '../helpers/messages-api.ts';
import { startTestVm } from '../helpers/vm.ts';
import { askAgentSdk } from './agent-sdk.ts';
import { askMcpRemote } from './mcp-remote.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  say('usage: node tests/clients/run.ts DIR, where the packages of docs/mcp-clients.md are installed');
  process.exit(2);
}
const packages = path.resolve(folder, 'node_modules');

const model = await startMessagesApi(({ body }) => ({ text: `Heard: ${userTextOf(body).split('\n')[0]}` }));
const vm = await startTestVm({
  env: { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: 'sk-ant-test-0123456789' },
});
const url = new URL('/mcp', vm.url).href;
const skill = { slug: 'greet', name: 'Greet', triggerType: 'manual' };
await vm.api('POST', '/api/v1/skills', {
  ...skill,
  steps: [{ id: 1, prompt: 'Greet {{person}}', allowedTools: [] }],
});
const made = await vm.api('POST', '/api/v1/tokens', { name: 'clients', scopes: ['run'], skills: ['greet'] });
const { token } = made.body as { token: string };

/** Runs a Node.js program and reads the JSON that it ends with. */
async function runNode(file: string, args: readonly string[]): Promise<string> {
  const env = { PATH: process.env.PATH ?? '', HOME: vm.home, TOKEN: token };
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...args], {
    env,
    timeout: 120_000,
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout;
}

type Seen = { tools: string[]; text: string };

/** A program of this folder, which imports what is installed in the other. */
async function byProgram(name: string): Promise<Seen> {
  const file = path.join(path.dirname(packages), name);
  await copyFile(path.join(import.meta.dirname, name), file);
  const lines = (await runNode(file, [url])).trim().split('\n');
  return JSON.parse(lines.at(-1) ?? '') as Seen;
}

async function byInspector(): Promise<Seen> {
  const file = path.join(packages, '@modelcontextprotocol/inspector/clients/launcher/build/index.js');
  const ask = async (...args: string[]) => {
    const header = ['--header', `Authorization: Bearer ${token}`];
    return JSON.parse(
      await runNode(file, ['--cli', url, '--transport', 'http', ...header, ...args]),
    ) as Record<string, Record<string, string>[]>;
  };
  const listed = await ask('--method', 'tools/list');
  const called = await ask('--method', 'tools/call', '--tool-name', 'greet', '--tool-arg', 'person=Ada');
  return {
    tools: (listed.tools ?? []).map(({ name }) => name ?? ''),
    text: called.content?.[0]?.text ?? '',
  };
}

/** The owner's word, as the console sends it. */
async function letIn(address: URL): Promise<string> {
  const body = { query: address.search.slice(1), decision: 'allow', skills: ['greet'] };
  const answer = await vm.api('POST', '/api/v1/apps/decide', body);
  return (answer.body as { returnTo: string }).returnTo;
}

const clients: Record<string, () => Promise<Seen>> = {
  '@modelcontextprotocol/inspector': byInspector,
  'mcp-remote': () => askMcpRemote(path.join(packages, 'mcp-remote/dist/proxy.js'), url, letIn),
  '@ai-sdk/mcp': () => byProgram('ai-sdk.mjs'),
  '@openai/agents': () => byProgram('openai-agents.mjs'),
  '@langchain/mcp-adapters': () => byProgram('langchain.mjs'),
  '@anthropic-ai/claude-agent-sdk': () => askAgentSdk(url, token),
};

async function versionOf(name: string): Promise<string> {
  const own = path.resolve(import.meta.dirname, '../../node_modules', name, 'package.json');
  const file = name.startsWith('@anthropic') ? own : path.join(packages, name, 'package.json');
  return (JSON.parse(await readFile(file, 'utf8')) as { version: string }).version;
}

try {
  for (const [name, ask] of Object.entries(clients)) {
    const seen = await ask().catch((error: unknown) => String(error));
    const isGood =
      typeof seen === 'object' &&
      seen.tools.toSorted().join() === 'get_execution,greet' &&
      seen.text.includes('Heard: Greet Ada');
    say(`${isGood ? 'works ' : 'FAILED'}  ${name} ${await versionOf(name)}`);
    if (isGood) continue;
    say(typeof seen === 'object' ? JSON.stringify(seen) : seen);
    process.exitCode = 1;
  }
} finally {
  await vm.stop();
  await model.close();
}
