/**
 * From a trigger to the first model request, and where the time goes: a real VM in a process of its own, started by hand and
 * by webhook, with a spare agent and without, beside a bare `query()` of the Agent SDK that asks the same stand-in endpoint
 * the same thing. Taken in turns, so that the machine's noise meets them alike; medians.
 *
 *   node bench/trigger-to-model.ts [rounds]
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { query } from '@anthropic-ai/claude-agent-sdk';
import pg from 'pg';
import { Webhook } from 'standardwebhooks';
import { systemPrompt } from '../src/runner/prompt.ts';
import { bareSession } from '../tests/helpers/bare-session.ts';
import { startMessagesApi } from '../tests/helpers/messages-api.ts';
import { startTestVm, type TestVm } from '../tests/helpers/vm.ts';

const rounds = Number(process.argv[2] ?? 10);
const model = 'claude-sonnet-5-5';
const key = 'sk-ant-bench-0123456789abcdef';
const secret = 'whsec_YmVuY2gtYmVuY2gtYmVuY2gtYmVuY2gtYmVuY2gtYmVuYw==';
const prompt = 'Say hello.';

/** Wall-clock time with fractions, in milliseconds: one clock for all processes. */
const now = (): number => performance.timeOrigin + performance.now();

let askedAt: number | undefined;
const api = await startMessagesApi(() => {
  askedAt ??= now();
  return { text: 'Hello.' };
});

const stages = [
  'accepted',
  'job picked up',
  'claimed',
  'agent ready',
  'at the proxy',
  'at the endpoint',
] as const;
type Times = Record<(typeof stages)[number], number>;
type Trigger = (vm: TestVm) => Promise<Response>;

const byHand: Trigger = (vm) =>
  fetch(new URL('/api/v1/skills/hello/run', vm.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${vm.token}`, 'content-type': 'application/json' },
    body: '{}',
  });

const byWebhook: Trigger = (vm) => {
  const body = '{}';
  const id = randomUUID();
  const at = new Date();
  return fetch(new URL('/hooks/hello-hook', vm.url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, at, body),
    },
    body,
  });
};

/** When the VM's log has `message` of an execution, in milliseconds. */
function loggedAt(vm: TestVm, executionId: string, message: string): number {
  for (const line of vm.stderr().split('\n')) {
    if (!line.includes(executionId) || !line.includes(message)) continue;
    const entry = JSON.parse(line) as { time: number | string; msg: string; executionId?: string };
    if (entry.executionId === executionId && entry.msg === message) return new Date(entry.time).getTime();
  }
  throw new Error(`the VM did not log "${message}"`);
}

async function measure(vm: TestVm, client: pg.Client, trigger: Trigger): Promise<Times> {
  askedAt = undefined;
  const start = now();
  const response = await trigger(vm);
  const accepted = now();
  const { executionId } = (await response.json()) as { executionId: string };
  if (response.status !== 202) throw new Error(`answered ${response.status}`);
  for (;;) {
    const { body } = await vm.api('GET', `/api/v1/executions/${executionId}`);
    const { status } = body as { status: string };
    if (status === 'succeeded') break;
    if (status === 'failed') throw new Error(JSON.stringify(body));
    await sleep(100);
  }
  const { rows } = await client.query<{ picked: number; claimed: number }>(
    `SELECT (SELECT extract(epoch FROM started_on) * 1000 FROM pgboss.job WHERE name = 'execution.run' AND id = $1)::float8
         AS picked,
       (SELECT extract(epoch FROM started_at) * 1000 FROM executions WHERE id = $1)::float8 AS claimed`,
    [executionId],
  );
  const [row] = rows;
  if (row === undefined || askedAt === undefined) throw new Error('the run left no times');
  return {
    accepted: accepted - start,
    'job picked up': row.picked - start,
    claimed: row.claimed - start,
    'agent ready': loggedAt(vm, executionId, 'agent ready') - start,
    'at the proxy': loggedAt(vm, executionId, 'model asked') - start,
    'at the endpoint': askedAt - start,
  };
}

async function bare(): Promise<number> {
  askedAt = undefined;
  const folder = await mkdtemp(path.join(tmpdir(), 'bare-'));
  const start = now();
  const stream = query({
    prompt,
    options: { ...bareSession(folder, { url: api.url, key }), systemPrompt, model },
  });
  for await (const _message of stream);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  if (askedAt === undefined) throw new Error('the model was not asked');
  return askedAt - start;
}

async function openVm(spares: number): Promise<{ vm: TestVm; client: pg.Client; close(): Promise<void> }> {
  const vm = await startTestVm({
    env: {
      ANTHROPIC_BASE_URL: api.url,
      ANTHROPIC_API_KEY: key,
      ALFRED_MODEL: model,
      ALFRED_SPARE_AGENTS: String(spares),
      ALFRED_LOG_LEVEL: 'debug',
    },
  });
  const steps = [{ id: 1, prompt, allowedTools: [] }];
  for (const skill of [
    { slug: 'hello', name: 'Hello', steps },
    {
      slug: 'hello-hook',
      name: 'Hello',
      steps,
      triggerType: 'webhook',
      triggerConfig: { auth: 'standard', secret },
    },
  ]) {
    const { status, body } = await vm.api('POST', '/api/v1/skills', skill);
    if (status !== 201) throw new Error(JSON.stringify(body));
  }
  const { url } = JSON.parse(readFileSync(path.join(vm.home, 'postgres/running.json'), 'utf8')) as {
    url: string;
  };
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    vm,
    client,
    async close() {
      await client.end();
      await vm.stop();
    },
  };
}

/** A new spare takes a second or two to start. */
const settleMs = 3_000;
const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const bares: number[] = [];
await bare();
const results: [name: string, times: Times[]][] = [];
for (const spares of [1, 0]) {
  const { vm, client, close } = await openVm(spares);
  const how = spares === 0 ? 'no spare' : 'a spare';
  const manual: Times[] = [];
  const hook: Times[] = [];
  await measure(vm, client, byHand);
  for (let round = 0; round < rounds; round++) {
    for (const [trigger, times] of [
      [byHand, manual],
      [byWebhook, hook],
    ] as const) {
      await sleep(spares === 0 ? 200 : settleMs);
      times.push(await measure(vm, client, trigger));
    }
    bares.push(await bare());
  }
  results.push([`by hand, ${how}`, manual], [`webhook, ${how}`, hook]);
  await close();
}
await api.close();

const bareMs = median(bares);
const show = (ms: number) => ms.toFixed(1).padStart(9);
console.log(`milliseconds since the trigger, medians of ${rounds} rounds`);
console.log(`${''.padEnd(20)}${results.map(([name]) => name.padStart(20)).join('')}`);
for (const [index, stage] of stages.entries()) {
  const cells = results.map(([, times]) => {
    const at = median(times.map((each) => each[stage]));
    const before = stages[index - 1];
    const took = before === undefined ? at : median(times.map((each) => each[stage] - each[before]));
    return `${show(at)} (+${took.toFixed(1)})`.padStart(20);
  });
  console.log(`${stage.padEnd(20)}${cells.join('')}`);
}
const cells = results.map(([, times]) => {
  const ratio = median(times.map((each) => each['at the endpoint'])) / bareMs;
  return `× ${ratio.toFixed(2)}`.padStart(20);
});
console.log(`${'of a bare query()'.padEnd(20)}${cells.join('')}`);
console.log(`a bare query() of the Agent SDK: ${bareMs.toFixed(0)} ms to its first request`);
