/** One stream for many things: what a runner would do, the tests do. */
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../../../tests/helpers/http.ts';
import { runAcceptedSchema } from '../../contract/executions.ts';
import { newsSchemas } from '../../contract/news.ts';
import { noUsage } from '../../contract/usage.ts';
import { appendEvents } from '../../executions/append-events.ts';
import { finishExecution } from '../../executions/finish-execution.ts';
import { newId } from '../../kernel/ids.ts';

let server: TestServer;
let address: string;
let token: string;
beforeAll(async () => {
  server = await createTestServer({ withQueue: true });
  address = await server.app.listen({ host: '127.0.0.1', port: 0 });
  token = await server.token('read');
  await server.send('POST', '/api/v1/skills', {
    slug: 'plain',
    name: 'P',
    steps: [{ id: 1, prompt: 'Go.' }],
  });
});
afterAll(() => server.close());

const ask = (topics: string, headers: Record<string, string> = {}, by = token) =>
  fetch(`${address}/api/v1/events?topics=${topics}`, {
    headers: { authorization: `Bearer ${by}`, ...headers },
  });

async function watch(topics: string, headers: Record<string, string> = {}) {
  const response = await ask(topics, headers);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const ready: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => ready.push(event) });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  return {
    /** The next event of that name, as its schema has it. */
    async next<Name extends keyof typeof newsSchemas>(name: Name) {
      for (;;) {
        const event = ready.shift();
        if (event?.event === name) {
          const data = newsSchemas[name].parse(
            JSON.parse(event.data),
          ) as (typeof newsSchemas)[Name]['_output'];
          return { id: event.id, data };
        }
        if (event !== undefined) continue;
        const chunk = await reader?.read();
        if (chunk === undefined || chunk.done) throw new Error('The stream ended');
        parser.feed(chunk.value);
      }
    },
    close: () => reader?.cancel(),
  };
}

async function started(): Promise<string> {
  const { body } = await server.send('POST', '/api/v1/skills/plain/run', {});
  return runAcceptedSchema.parse(body).executionId;
}
const say = (id: string, text: string) =>
  server.db.transaction((tx) =>
    appendEvents(tx, id, [{ kind: 'message', step: 1, data: { type: 'assistant', text } }]),
  );
async function finish(id: string): Promise<void> {
  await server.db.prisma.execution.update({
    where: { id },
    data: { status: 'running', startedAt: new Date() },
  });
  await finishExecution(server, id, { status: 'succeeded', output: 'done', usage: noUsage() });
}

it('tells which executions changed their status, and of nothing else that they do', async () => {
  const stream = await watch('executions,approvals');
  expect((await stream.next('approvals')).data).toEqual({ pending: [] });
  const id = await started();
  const expected = (status: string) => ({ changed: [{ id, skillSlug: 'plain', status }], more: false });
  expect((await stream.next('executions')).data).toEqual(expected('queued'));
  for (let count = 0; count < 5; count++) await say(id, 'busy');
  await new Promise((resolve) => setTimeout(resolve, 300));
  await finish(id);
  expect((await stream.next('executions')).data).toEqual(expected('succeeded'));
  await stream.close();
});

it('tells what waits for a person when that changes', async () => {
  const stream = await watch('approvals');
  await stream.next('approvals');
  const executionId = await started();
  const { id } = await server.db.prisma.approval.create({
    data: {
      id: newId(),
      executionId,
      stepId: 1,
      toolUseId: 't',
      connection: 'c',
      tool: 'pay',
      arguments: '{}',
      argumentsHash: Buffer.alloc(32),
      expiresAt: new Date(Date.now() + 60_000),
    },
  });
  await say(executionId, 'asked');
  expect((await stream.next('approvals')).data).toEqual({ pending: [{ id, executionId }] });
  await server.db.prisma.approval.update({
    where: { id },
    data: { status: 'denied', decidedAt: new Date(), decidedBy: 'owner' },
  });
  await say(executionId, 'answered');
  expect((await stream.next('approvals')).data).toEqual({ pending: [] });
  await stream.close();
});

it('says which skills were saved, and nothing of them to who asked for something else', async () => {
  const stream = await watch('executions,skills');
  const other = await watch('executions');
  await server.send('PATCH', '/api/v1/skills/plain', { name: 'Plain' });
  expect((await stream.next('skills')).data).toEqual({ changed: ['plain'], more: false });
  await stream.close();
  // Whatever was told before this would have come before it.
  const id = await started();
  expect((await other.next('executions')).data.changed.map((one) => one.id)).toEqual([id]);
  await other.close();
});

it('has lists read again when what was told meanwhile is lost', async () => {
  const stream = await watch('executions,skills,approvals');
  await stream.next('approvals');
  await server.db.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'alfred listen'`,
  );
  expect((await stream.next('executions')).data).toEqual({ changed: [], more: true });
  expect((await stream.next('skills')).data).toEqual({ changed: [], more: true });
  await stream.close();
});

it('follows several executions, each from its beginning, and goes on behind what was received', async () => {
  const [one, two] = [await started(), await started()];
  await say(one, 'first');
  const stream = await watch(`execution:${one},execution:${two}`);
  const seen: string[] = [];
  let last: string | undefined;
  for (let count = 0; count < 3; count++) {
    const { id, data } = await stream.next('execution');
    seen.push(`${data.executionId === one ? 'one' : 'two'} ${data.seq} ${data.kind}`);
    last = id;
  }
  expect(seen.toSorted()).toEqual(['one 1 status', 'one 2 message', 'two 1 status']);
  await stream.close();
  await say(two, 'meanwhile');
  await finish(one);
  const again = await watch(`execution:${one},execution:${two}`, { 'last-event-id': last ?? '' });
  const behind = new Map<string, string[]>();
  for (let kinds = 0; kinds < 3; kinds++) {
    const { data } = await again.next('execution');
    behind.set(data.executionId, [...(behind.get(data.executionId) ?? []), `${data.seq} ${data.kind}`]);
  }
  expect(behind.get(two)).toEqual(['2 message']);
  expect(behind.get(one)?.at(-1)).toMatch(/^\d end$/);
  await again.close();
});

it('shows nothing of a secret that came to be known after it was written down', async () => {
  const id = await started();
  await say(id, 'the word is hunter-canary-22');
  await server.send('PUT', '/api/v1/config/some_token', { value: 'hunter-canary-22' });
  const stream = await watch(`execution:${id}`);
  await stream.next('execution');
  const { data } = await stream.next('execution');
  expect(JSON.stringify(data)).not.toContain('hunter-canary-22');
  expect(JSON.stringify(data)).toContain('the word is ');
  await stream.close();
});

it.each([
  ['', 422],
  ['everything', 422],
  ['execution:1', 422],
  [Array.from({ length: 21 }, () => `execution:${newId()}`).join(), 422],
  [`execution:${newId()}`, 404],
])('refuses the topics "%s"', async (topics, status) => {
  const answer = await ask(topics);
  expect(answer.status).toBe(status);
  if (status === 422)
    expect(await answer.json()).toMatchObject({ errors: [{ field: expect.stringMatching(/^\/topics/) }] });
});

it('opens to who may read alone', async () => {
  expect((await ask('executions', {}, await server.token('run', 'write', 'metrics'))).status).toBe(403);
});
