/**
 * How fast Stop stops, in a real VM with a real agent: from the request until who looks on reads that the answer has stopped, and until
 * the model's endpoint sees its request end. In mid-answer, in an answer without an end, at an endpoint that has fallen silent, in
 * mid-tool, and while a call waits for approval. Each stop is of the message behind the one that was stopped before, so that the
 * conversation goes on each time. Beside it a bare session of the Agent SDK that is interrupted in mid-answer.
 *
 *   node bench/chat-stop.ts [stops]      of each kind; 20 when left out
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { query } from '@anthropic-ai/claude-agent-sdk';
import { Inbox } from '../src/agents/inbox.ts';
import { readStream } from '../src/cli/event-stream.ts';
import { bareSession } from '../tests/helpers/bare-session.ts';
import { hostileServer } from '../tests/helpers/mcp/stdio-link.ts';
import { startMessagesApi } from '../tests/helpers/messages-api.ts';
import type { Script } from '../tests/helpers/messages-api-script.ts';
import { startTestVm } from '../tests/helpers/vm.ts';

const stops = Number(process.argv[2] ?? 20);
const key = 'sk-ant-bench-0123456789abcdef';
/** Where the server of tools writes that it was called. */
const folder = await mkdtemp(path.join(tmpdir(), 'stop-'));

const words = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ text: `Word ${index} and on. ` }));
const sleepTool = { name: 'mcp__hostile__sleep', input: { count: 600_000 } };

type Kind = {
  name: string;
  script: Script;
  /** What of the answer's events says that it is under way. */
  isUnderWay(event: string, data: string): boolean;
  /** What the conversation may call without asking. */
  unasked: string[];
};

const isSpoken = (event: string) => event === 'delta';
const kinds: readonly Kind[] = [
  {
    name: 'in mid-answer',
    script: () => ({ content: words(400), eventDelayMs: 25 }),
    isUnderWay: isSpoken,
    unasked: [],
  },
  {
    name: 'an answer without an end',
    script: () => ({ content: words(50_000), eventDelayMs: 1 }),
    isUnderWay: isSpoken,
    unasked: [],
  },
  {
    name: 'the endpoint is silent',
    script: () => ({ fail: 'hang-mid-stream' }),
    isUnderWay: isSpoken,
    unasked: [],
  },
  {
    name: 'in mid-tool',
    script: () => ({ text: 'I wait.', toolCalls: [sleepTool] }),
    isUnderWay: (event, data) => event === 'tool_call' && data.includes('"dispatched"'),
    unasked: [sleepTool.name],
  },
  {
    name: 'a call waits for approval',
    script: () => ({ text: 'I wait.', toolCalls: [sleepTool] }),
    isUnderWay: (event) => event === 'approval',
    unasked: [],
  },
];

const model = await startMessagesApi(() => ({ text: 'Nothing is scripted.' }));
const vm = await startTestVm({
  env: {
    ANTHROPIC_API_KEY: key,
    ANTHROPIC_BASE_URL: model.url,
    ALFRED_SPARE_AGENTS: '1',
    ALFRED_LOG_LEVEL: 'error',
  },
});
const headers = { authorization: `Bearer ${vm.token}`, 'content-type': 'application/json' };

async function ask(method: string, route: string, body?: unknown): Promise<unknown> {
  const answer = await vm.api(method, route, body);
  if (answer.status >= 300) throw new Error(`${method} ${route}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** The next event of a conversation that `is` it, from the moment of the call on. */
class Watcher {
  readonly #left = new AbortController();
  #waiting: { is(event: string, data: string): boolean; come(at: number): void } | undefined;

  async follow(id: string): Promise<void> {
    const { signal } = this.#left;
    const response = await fetch(`${vm.url}/api/v1/conversations/${id}/events`, { headers, signal });
    if (response.body === null) throw new Error('There is nothing to follow');
    void this.#read(response.body).catch(() => {}); // it is left
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    for await (const { event = 'message', data } of readStream(body)) {
      if (this.#waiting?.is(event, data) !== true) continue;
      this.#waiting.come(performance.now());
      this.#waiting = undefined;
    }
  }

  next(is: (event: string, data: string) => boolean): Promise<number> {
    return new Promise((come) => {
      this.#waiting = { is, come };
    });
  }

  leave(): void {
    this.#left.abort();
  }
}

const hasStopped = (event: string, data: string) =>
  event === 'message' && /"role":"assistant".*"status":"stopped"/.test(data);

async function measure(kind: Kind): Promise<void> {
  model.setScript(kind.script);
  const { id } = (await ask('POST', '/api/v1/conversations', {
    tools: [sleepTool.name],
    unasked: kind.unasked,
  })) as { id: string };
  const watcher = new Watcher();
  await watcher.follow(id);
  const seen: number[] = [];
  const closed: number[] = [];
  for (let stop = 0; stop < stops; stop++) {
    const begun = watcher.next(kind.isUnderWay);
    const request = model.request(model.requests.length);
    await ask('POST', `/api/v1/conversations/${id}/messages`, { text: `Message ${stop}` });
    await begun;
    const ended = (await request).closed.then(() => performance.now());
    const said = watcher.next(hasStopped);
    const from = performance.now();
    await ask('POST', `/api/v1/conversations/${id}/stop`);
    seen.push((await said) - from);
    closed.push(Math.max(0, (await ended) - from));
  }
  watcher.leave();
  tell(kind.name, seen);
  if (median(closed) > 0) tell('  its request ends', closed);
}

/** From the interruption of a session in mid-answer to the end of its turn. */
async function measureBare(): Promise<void> {
  const inbox = new Inbox();
  model.setScript(() => ({ content: words(400), eventDelayMs: 25 }));
  const session = query({
    prompt: inbox,
    options: {
      ...bareSession(folder, { url: model.url, key }),
      model: 'claude-sonnet-5-5',
      includePartialMessages: true,
      systemPrompt: 'You are a butler.',
    },
  });
  const seen: number[] = [];
  for (let stop = 0; stop < stops; stop++) {
    inbox.say(`Message ${stop}`);
    let from: number | undefined;
    for (let next = await session.next(); next.done !== true; next = await session.next()) {
      const { value } = next;
      if (value.type === 'result') break;
      if (from === undefined && value.type === 'stream_event' && value.event.type === 'content_block_delta') {
        from = performance.now();
        await session.interrupt();
      }
    }
    if (from !== undefined) seen.push(performance.now() - from);
  }
  session.close();
  tell('bare: in mid-answer', seen);
}

const at = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
const median = (values: readonly number[]): number => at(values, 0.5);
const tell = (name: string, values: readonly number[]) =>
  process.stdout.write(
    `${name.padEnd(26)} p50 ${median(values).toFixed(0)} ms   p95 ${at(values, 0.95).toFixed(0)} ms   worst ${Math.max(...values).toFixed(0)} ms   of ${values.length}, ${values.filter((ms) => ms > 1_000).length} above a second\n`,
  );

try {
  await ask('POST', '/api/v1/connections', {
    name: 'hostile',
    type: 'mcp_stdio',
    config: { command: process.execPath, args: [hostileServer], sandbox: 'off' },
  });
  await ask('POST', '/api/v1/connections/hostile/discover');
  for (const kind of kinds) await measure(kind);
  await measureBare();
} finally {
  await vm.stop();
  await model.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
