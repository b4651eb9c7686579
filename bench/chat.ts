/**
 * Chat beside a bare session of the Agent SDK, in turns on the same machine, against one stand-in endpoint:
 *
 *   first     from a new conversation's message to the model's first request, with a spare agent; beside a cold `query()`
 *   second    from a message to the request, in a conversation that is warm; beside a live session
 *   delta     from a piece of an answer, as the endpoint writes it, to who reads it: our event stream beside the SDK's own
 *   flat      the same over many turns of one conversation: the last quarter of them beside the first
 *   memory    that the VM holds on to for each open stream
 *
 *   node bench/chat.ts [rounds] [turns] [streams]      10, 200 and 200 when left out
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Query, query } from '@anthropic-ai/claude-agent-sdk';
import { Inbox } from '../src/agents/inbox.ts';
import { readStream } from '../src/cli/event-stream.ts';
import { bareSession } from '../tests/helpers/bare-session.ts';
import { startTestVm } from '../tests/helpers/vm.ts';

const [rounds = 10, turns = 200, streams = 200] = process.argv.slice(2).map(Number);
const model = 'claude-sonnet-5-5';
const key = 'sk-ant-bench-0123456789abcdef';
const pieces = 8;
/** A spare may take so long to be there, in milliseconds. */
const spareMs = 6_000;

/** When the last request was here whole, as no model begins before, in milliseconds of this process. */
let requestedAt = 0;
const endpoint = createServer((request, response) => {
  request.resume().on('end', () => {
    requestedAt = performance.now();
    void answer(response);
  });
});
await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}`;

/** An answer in pieces, each of which says when it was written. */
async function answer(response: ServerResponse): Promise<void> {
  const send = (type: string, data: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  const usage = { input_tokens: 100, output_tokens: 10 };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  send('message_start', {
    message: {
      id: `msg_${Math.random()}`,
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage,
    },
  });
  send('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
  for (let piece = 0; piece < pieces; piece++) {
    await sleep(15);
    send('content_block_delta', {
      index: 0,
      delta: { type: 'text_delta', text: `{${performance.now().toFixed(3)}} ` },
    });
  }
  send('content_block_stop', { index: 0 });
  send('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage });
  send('message_stop', {});
  response.end();
}

const latenciesIn = (text: string): number[] => {
  const now = performance.now();
  return [...text.matchAll(/\{([\d.]+)\}/g)].map(([, at]) => now - Number(at));
};

class Bare {
  readonly #inbox = new Inbox();
  #query: Query | undefined;
  #folder = '';
  readonly latencies: number[] = [];

  async say(text: string): Promise<number> {
    const from = performance.now();
    if (this.#query === undefined) {
      this.#folder = await mkdtemp(path.join(tmpdir(), 'bare-'));
      this.#query = query({
        prompt: this.#inbox,
        options: {
          ...bareSession(this.#folder, { url, key }),
          model,
          includePartialMessages: true,
          systemPrompt: 'You are a butler.',
        },
      });
    }
    this.#inbox.say(text);
    for (let next = await this.#query.next(); next.done !== true; next = await this.#query.next()) {
      const message = next.value;
      if (message.type === 'stream_event' && message.event.type === 'content_block_delta') {
        const { delta } = message.event;
        if (delta.type === 'text_delta') this.latencies.push(...latenciesIn(delta.text));
      }
      if (message.type === 'result') break;
    }
    return requestedAt - from;
  }

  async end(): Promise<void> {
    this.#query?.close();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const vm = await startTestVm({
  env: {
    ANTHROPIC_API_KEY: key,
    ANTHROPIC_BASE_URL: url,
    ALFRED_SPARE_AGENTS: '1',
    ALFRED_LOG_LEVEL: 'error',
    NODE_OPTIONS: `--import ${path.resolve(import.meta.dirname, 'live-memory.ts')}`,
  },
});
const headers = { authorization: `Bearer ${vm.token}`, 'content-type': 'application/json' };

class Ours {
  readonly id: string;
  readonly latencies: number[] = [];
  readonly #left = new AbortController();
  #over = Promise.withResolvers<void>();

  private constructor(id: string) {
    this.id = id;
  }

  static async begin(): Promise<Ours> {
    const { body } = await vm.api('POST', '/api/v1/conversations', {});
    const ours = new Ours((body as { id: string }).id);
    await ours.#watch();
    return ours;
  }

  async say(text: string): Promise<number> {
    this.#over = Promise.withResolvers();
    const from = performance.now();
    await fetch(`${vm.url}/api/v1/conversations/${this.id}/messages`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ text }),
    });
    await this.#over.promise;
    return requestedAt - from;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#left;
    const response = await fetch(`${vm.url}/api/v1/conversations/${this.id}/events`, { headers, signal });
    const read = async (body: ReadableStream<Uint8Array>) => {
      for await (const { event, data } of readStream(body)) {
        if (event === 'delta') this.latencies.push(...latenciesIn(data));
        if (event === 'message' && /"role":"assistant".*"status":"(done|failed)"/.test(data))
          this.#over.resolve();
      }
    };
    if (response.body) read(response.body).catch(() => {}); // it is left
  }

  end(): void {
    this.#left.abort();
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
/** What the VM holds on to, in kB: its pages would tell of the garbage of what it did last as well. */
async function live(): Promise<number> {
  const told = () => [...vm.stderr().matchAll(/^live (\d+) kB$/gm)].map(([, kB]) => Number(kB));
  const before = told().length;
  process.kill(vm.pid, 'SIGUSR2');
  while (told().length === before) await sleep(50);
  return told().at(-1) ?? 0;
}
const line = (name: string, ours: number, bare: number, goal: string) =>
  process.stdout.write(
    `${name.padEnd(8)} ours ${ours.toFixed(1)} ms   bare ${bare.toFixed(1)} ms   ratio ${(ours / bare).toFixed(2)}   added ${(ours - bare).toFixed(1)} ms   ${goal}\n`,
  );

try {
  const first = { ours: [] as number[], bare: [] as number[] };
  const second = { ours: [] as number[], bare: [] as number[] };
  const delta = { ours: [] as number[], bare: [] as number[] };
  // The spares are of chat's shape once there was a turn.
  const before = await Ours.begin();
  await before.say('Good morning');
  for (let round = 0; round < rounds; round++) {
    await sleep(spareMs);
    const bare = new Bare();
    const ours = await Ours.begin();
    const inTurn = round % 2 === 0;
    if (inTurn) first.ours.push(await ours.say('First'));
    first.bare.push(await bare.say('First'));
    if (!inTurn) first.ours.push(await ours.say('First'));
    // The next spare starts when one was taken: a second of work that is none of these messages'.
    await sleep(spareMs);
    for (let message = 0; message < 6; message++) {
      second.ours.push(await ours.say('And then?'));
      second.bare.push(await bare.say('And then?'));
    }
    delta.ours.push(...ours.latencies);
    delta.bare.push(...bare.latencies);
    ours.end();
    await bare.end();
  }
  line('first', median(first.ours), median(first.bare), 'at most 0.60 of a cold query');
  line('second', median(second.ours), median(second.bare), 'at most 1.30 of a live session');
  line('delta', median(delta.ours), median(delta.bare), 'at most 5 ms added');

  const marks: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    await before.say(`Turn ${turn}`);
    marks.push(before.latencies.length);
  }
  const quarter = Math.floor(turns / 4);
  const early = median(before.latencies.slice(0, marks[quarter - 1]));
  const late = median(before.latencies.slice(marks[turns - quarter - 1]));
  process.stdout.write(
    `flat     first quarter of ${turns} turns ${early.toFixed(1)} ms, last ${late.toFixed(1)} ms, ratio ${(late / early).toFixed(2)}\n`,
  );

  // The first ones pay for what is made once: compiled code, plans, pools.
  const openAll = () => Promise.all(Array.from({ length: streams }, () => Ours.begin()));
  const open = await openAll();
  await sleep(3_000);
  const withSome = await live();
  open.push(...(await openAll()));
  await sleep(3_000);
  const withMore = await live();
  process.stdout.write(
    `memory   ${((withMore - withSome) / streams).toFixed(0)} kB held for each of ${streams} more open streams   at most 100 kB\n`,
  );
  for (const ours of [...open, before]) ours.end();
} finally {
  endpoint.closeAllConnections();
  endpoint.close();
  await vm.stop();
}
