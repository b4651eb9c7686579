/**
 * A connection of more and more tools: its page read, a run that may use all of them, from its trigger to its first model request, and what
 * that request has to say of tools; beside the row's SELECT, and a bare `query()` with the same server.
 */
import path from 'node:path';
import { type MessagesApi, startMessagesApi } from '../../tests/helpers/messages-api.ts';
import { startTestVm, type TestVm } from '../../tests/helpers/vm.ts';
import { connect } from '../../tests/soak/watch-claims.ts';
import { ask, bareAnswer, environmentOf } from '../one-tool.ts';
import { inTurns, median, type Row } from './timed.ts';

const reads = 15;
const runs = 3;
const prompt = 'Say hello.';
const server = path.join(import.meta.dirname, 'tools-server.ts');

type Asked = { ms: number; kB: number };

/** From here to the next model request, and how large its tools are. */
async function untilAsked(api: MessagesApi, work: () => Promise<unknown>): Promise<Asked> {
  const request = api.request(api.requests.length);
  const began = performance.now();
  const ended = work();
  const { body } = await request;
  const ms = performance.now() - began;
  await ended;
  return { ms, kB: Buffer.byteLength(JSON.stringify(body.tools ?? [])) / 1000 };
}

const runBare = (url: string, count: number): Promise<string> =>
  bareAnswer(url, prompt, {
    allowedTools: ['mcp__many__*'],
    mcpServers: { many: { command: process.execPath, args: [server, String(count)], alwaysLoad: true } },
  });

async function addTools(vm: TestVm, count: number): Promise<void> {
  const config = { command: process.execPath, args: [server, String(count)] };
  await ask(vm, 'POST', '/api/v1/connections', { name: 'many', type: 'mcp_stdio', config });
  await ask(vm, 'POST', '/api/v1/connections/many/discover');
  const steps = [{ id: 1, prompt, allowedTools: ['mcp__many__*'] }];
  await ask(vm, 'POST', '/api/v1/skills', { slug: 'many', name: 'Many', steps });
}

export async function measureTools(count: number): Promise<Row[]> {
  const api = await startMessagesApi(() => ({ text: 'Hello.' }));
  const vm = await startTestVm({ env: environmentOf(api.url) });
  const client = await connect(vm.home);
  try {
    await addTools(vm, count);
    const page = await inTurns(
      reads,
      () => ask(vm, 'GET', '/api/v1/connections/many'),
      () => client.query(`SELECT tool_catalog::text FROM connections WHERE name = 'many'`),
    );
    const [ours, bare]: [Asked[], Asked[]] = [[], []];
    await ask(vm, 'POST', '/api/v1/skills/many/run?wait=120', {});
    for (let run = 0; run < runs; run++) {
      ours.push(await untilAsked(api, () => ask(vm, 'POST', '/api/v1/skills/many/run?wait=120', {})));
      bare.push(await untilAsked(api, () => runBare(api.url, count)));
    }
    const of = (part: keyof Asked) => ({
      alfred: median(ours.map((each) => each[part])),
      bare: median(bare.map((each) => each[part])),
    });
    return [
      { things: 'tools', count, what: 'the connection read', unit: 'ms', ...page },
      { things: 'tools', count, what: 'to the first model request', unit: 'ms', ...of('ms') },
      { things: 'tools', count, what: 'tools in each request', unit: 'kB', ...of('kB') },
    ];
  } finally {
    await client.end();
    await vm.stop();
    await api.close();
  }
}
