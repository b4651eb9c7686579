import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/helpers/database.ts';
import { until } from '../../../tests/helpers/mcp/stdio-link.ts';
import { insertExecution, insertFinishedExecution } from '../../../tests/helpers/rows.ts';
import { newId } from '../../kernel/ids.ts';
import { createLogger } from '../../kernel/log.ts';
import { readSettings } from '../../kernel/settings.ts';
import { startTraceExporter } from './trace-exporter.ts';

type Attribute = { key: string; value: Record<string, unknown> };
type OtlpSpan = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  status: { code: number };
  attributes: Attribute[];
};
type OtlpBody = {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: OtlpSpan[] }[] }[];
};

let db: TestDatabase;
let collector: Server;
let endpoint: string;
let answer = 200;
const received: { url: string | undefined; headers: IncomingHttpHeaders; text: string }[] = [];
const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });

beforeAll(async () => {
  db = await createTestDatabase();
  collector = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      received.push({ url: request.url, headers: request.headers, text });
      response.writeHead(answer, { 'content-type': 'application/json' }).end('{}');
    });
  });
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
});
afterAll(async () => {
  collector.closeAllConnections();
  collector.close();
  await db.drop();
});

const settings = () =>
  readSettings({ ALFRED_OTLP_ENDPOINT: `${endpoint}/`, ALFRED_OTLP_HEADERS: 'x-key=a%20key, other=1' });
const spans = () =>
  received.flatMap(({ text }) =>
    (JSON.parse(text) as OtlpBody).resourceSpans.flatMap((each) =>
      each.scopeSpans.flatMap((scope) => scope.spans),
    ),
  );

it('sends runs, steps, model calls and tool calls as one trace, and nothing of their content', async () => {
  const exporter = await startTraceExporter({ db, log, settings: settings(), version: '1.2.3', everyMs: 20 });
  const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1000);
  const { id: executionId } = await insertExecution(db, {
    input: { secret: 'CONTENT-input' },
    model: 'claude-sonnet-5-5',
    skillSlug: 'briefing',
    createdAt: at(0),
    startedAt: at(1),
    status: 'running',
  });
  const usage = {
    inputTokens: 7,
    outputTokens: 3,
    cacheReadTokens: 20,
    cacheWriteTokens: 100,
    modelCalls: 1,
    costUsd: 0.5,
  };
  const steps = [
    {
      stepId: 1,
      status: 'done' as const,
      startedAt: at(1),
      finishedAt: at(5),
      output: 'CONTENT-output',
      usage,
    },
    { stepId: 2, status: 'failed' as const, startedAt: at(5), finishedAt: at(9), output: null },
    { stepId: 3, status: 'skipped' as const },
  ];
  await db.prisma.executionStep.createMany({
    data: steps.map((step) => ({ executionId, attempt: 1, ...step })),
  });
  await db.prisma.toolCall.create({
    data: {
      id: newId(),
      executionId,
      stepId: 1,
      connection: 'mail',
      tool: 'search',
      status: 'done',
      arguments: { q: 'CONTENT-args' },
      argumentsHash: new Uint8Array(32),
      result: { r: 'CONTENT-result' },
      createdAt: at(2),
      dispatchedAt: at(2),
      finishedAt: at(3),
    },
  });
  await db.prisma.spendReservation.create({
    data: {
      id: newId(),
      executionId,
      workerId: newId(),
      model: 'claude-sonnet-5-5',
      heldUsd: 1,
      costUsd: 0.5,
      createdAt: at(6),
      settledAt: at(7),
    },
  });
  await db.prisma.execution.update({
    where: { id: executionId },
    data: {
      status: 'failed',
      error: 'CONTENT-error',
      errorCode: 'E_MODEL_FAILED',
      output: 'CONTENT-out',
      durationMs: 9000,
      costUsd: 0.5,
      completedAt: new Date(),
    },
  });
  await until(() => received.length > 0);
  await exporter?.stop();

  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({
    url: '/v1/traces',
    headers: { 'content-type': 'application/json', 'x-key': 'a key', other: '1' },
  });
  expect(received[0]?.text).not.toContain('CONTENT');
  expect(received[0]?.text).toContain('"service.version"');
  const all = spans();
  const traceId = executionId.replaceAll('-', '');
  expect(all.map((span) => span.traceId)).toEqual(all.map(() => traceId));
  const nameOf = (id: string | undefined) => all.find(({ spanId }) => spanId === id)?.name;
  const tree = all.map(({ name, parentSpanId, status }) => [name, nameOf(parentSpanId), status.code === 2]);
  expect(tree.sort()).toEqual(
    [
      ['execution', undefined, true],
      ['step 1', 'execution', false],
      ['step 2', 'execution', true],
      ['tool mail/search', 'step 1', false],
      ['model claude-sonnet-5-5', 'step 2', false],
    ].sort(),
  );
  const step = all.find(({ name }) => name === 'step 1');
  const counted = step?.attributes.filter(({ key }) => key.startsWith('gen_ai.usage.'));
  expect(
    Object.fromEntries(counted?.map(({ key, value }) => [key.slice(13), Object.values(value)[0]]) ?? []),
  ).toEqual({
    ...{ input_tokens: 127, output_tokens: 3 },
    ...{ 'cache_read.input_tokens': 20, 'cache_creation.input_tokens': 100 },
  });
  const tool = all.find(({ name }) => name.startsWith('tool'));
  expect(BigInt(tool?.endTimeUnixNano ?? 0) - BigInt(tool?.startTimeUnixNano ?? 0)).toBe(1_000_000_000n);
});

it('a collector that is away, or refuses, holds nothing up', async () => {
  received.length = 0;
  answer = 400;
  const exporter = await startTraceExporter({ db, log, settings: settings(), version: '1', everyMs: 20 });
  await insertFinishedExecution(db);
  await until(() => received.length > 0);
  answer = 200;
  await insertFinishedExecution(db);
  await until(() => received.length > 1);
  await exporter?.stop();
});

it('is off unless a collector is named, and then no exporter of OpenTelemetry is even loaded', async () => {
  expect(readSettings({}).tracing).toBeUndefined();
  expect(
    await startTraceExporter({ db, log, settings: { tracing: undefined }, version: '1' }),
  ).toBeUndefined();
  const root = path.join(import.meta.dirname, '../..');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  const naming = (pattern: RegExp) =>
    files.filter((file) => pattern.test(readFileSync(path.join(root, file), 'utf8')));
  expect(naming(/@opentelemetry\//)).toEqual(['executions/traces/otlp.ts']);
  // Types cost nothing; the one other import is made when it is wanted.
  expect(naming(/^import (?!type ).*\/otlp\.ts'/m)).toEqual([]);
});

it('names a header that is none', () => {
  expect(() => readSettings({ ALFRED_OTLP_HEADERS: 'nothing' })).toThrow('ALFRED_OTLP_HEADERS');
  expect(() => readSettings({ ALFRED_OTLP_HEADERS: 'a=100%' })).toThrow('ALFRED_OTLP_HEADERS');
});
