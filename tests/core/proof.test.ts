/**
 * The proof: a real Core and two real VMs, each a process of its own, with every byte between them on record. They run
 * skills, are killed and started again; Core's totals are the VMs' own to the last token, and nothing else got through.
 */
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { hostname, tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrolVmSchema, metricReportSchema } from '../../src/contract/core.ts';
import { type CoreProcess, startCoreProcess } from '../helpers/core-process.ts';
import { freePort } from '../helpers/free-port.ts';
import { type MessagesApi, startMessagesApi } from '../helpers/messages-api.ts';
import { type RecordingProxy, startRecordingProxy } from '../helpers/recording-proxy.ts';
import { startTestVm, type TestVm } from '../helpers/vm.ts';

const key = 'sk-ant-canary-77c1f0e29ab34d58';

/** Text that is in everything that Core must never see. */
const canaries = {
  slug: 'canary-slug',
  name: 'Canary-Name',
  prompt: 'Canary-Prompt',
  input: 'Canary-Input',
  answer: 'Canary-Answer',
  failure: 'E_MODEL',
};

/** Words that HTTP and our own paths have: the name of a machine or user that is among them proves nothing. */
const protocol = '/.well-known/alfred-key-succession.json application/json authorization localhost';

let model: MessagesApi;
let home: string;
let port: number;
let core: CoreProcess;
let proxy: RecordingProxy;
let one: TestVm;
let two: TestVm;
const turns = [
  { text: canaries.answer, usage: { input_tokens: 1203, output_tokens: 77 } },
  { text: canaries.answer, usage: { input_tokens: 31, output_tokens: 5, cache_read_input_tokens: 911 } },
];
let turn = 0;

const askCore = async (method: string, route: string, body?: unknown): Promise<unknown> => {
  const token = (await readFile(path.join(home, 'admin-token'), 'utf8')).trim();
  const response = await fetch(`http://127.0.0.1:${port}${route}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.json();
};
const enrolmentToken = async () =>
  ((await askCore('POST', '/v1/enrollments', {})) as { token: string }).token;
const environment = () => ({
  ANTHROPIC_API_KEY: key,
  ANTHROPIC_BASE_URL: model.url,
  ALFRED_SPARE_AGENTS: '0',
});

beforeAll(async () => {
  model = await startMessagesApi(() => turns[turn++ % turns.length] ?? { text: '' });
  home = await mkdtemp(path.join(tmpdir(), 'alfred-core-'));
  port = await freePort();
  core = await startCoreProcess({ home, port });
  proxy = await startRecordingProxy(`http://127.0.0.1:${port}`);
  // One enrols while it is provisioned, the other later.
  const env = { ALFRED_CORE_URL: proxy.url, ALFRED_ENROLLMENT_TOKEN: await enrolmentToken() };
  [one, two] = await Promise.all([
    startTestVm({ env: { ...environment(), ...env } }),
    startTestVm({ env: environment() }),
  ]);
});

afterAll(async () => {
  await one?.stop();
  await two?.stop();
  await proxy?.close();
  const gone = once(core.child, 'exit');
  core.child.kill('SIGTERM');
  await gone;
  await model?.close();
  await rm(home, { recursive: true, force: true });
});

async function run(vm: TestVm): Promise<void> {
  const input = { input: { text: canaries.input } };
  const { status } = await vm.api('POST', `/api/v1/skills/${canaries.slug}/run?wait=60`, input);
  expect(status).toBe(200);
}

async function makeSkill(vm: TestVm): Promise<void> {
  const { status } = await vm.api('POST', '/api/v1/skills', {
    slug: canaries.slug,
    name: canaries.name,
    steps: [{ id: 1, prompt: `${canaries.prompt} {{text}}`, allowedTools: [] }],
    triggerType: 'manual',
  });
  expect(status).toBe(201);
}

const report = async (vm: TestVm) =>
  (await vm.api('POST', '/api/v1/core/report')).body as { sent: number; waiting: number };

/** What the VM itself has on record of live executions that ended. */
async function ownTotals(vm: TestVm) {
  const { items } = (await vm.api('GET', '/api/v1/executions?limit=200')).body as {
    items: { mode: string; completedAt: string | null; durationMs: number; tokenCount: number }[];
  };
  const counted = items.filter(({ mode, completedAt }) => mode === 'live' && completedAt !== null);
  const sum = (pick: (item: (typeof counted)[number]) => number) =>
    counted.reduce((total, item) => total + pick(item), 0);
  return {
    executions: counted.length,
    durationMs: sum(({ durationMs }) => durationMs),
    tokens: sum(({ tokenCount }) => tokenCount),
  };
}

async function killed(vm: TestVm): Promise<TestVm> {
  const gone = once(vm.process, 'close');
  vm.process.kill('SIGKILL');
  await gone;
  return startTestVm({ home: vm.home, env: environment() });
}

describe('a Core and two VMs', () => {
  it('count the same, though each of them is killed in between', async () => {
    const token = await enrolmentToken();
    const linked = await two.cli(['core', 'link', proxy.url, '--secret-stdin', '--json'], { input: token });
    expect(linked).toMatchObject({ code: 0 });
    // From here each reports when it is told to: its own time comes a quarter of an hour later.
    await Promise.all([report(one), report(two)]);
    await Promise.all([makeSkill(one), makeSkill(two)]);
    await Promise.all([run(one), run(two)]);
    model.setScript(() => ({ fail: 'bad-request' }));
    await run(one);
    model.setScript(() => turns[turn++ % turns.length] ?? { text: '' });

    // Core has it and the VM does not know; then the VM is gone.
    proxy.loseAnswers(true);
    expect(await report(one)).toMatchObject({ sent: 0, waiting: 1 });
    proxy.loseAnswers(false);
    one = await killed(one);
    await run(one);

    // Core is gone while the other reports.
    await core.kill();
    expect(await report(two)).toMatchObject({ sent: 0, waiting: 1 });
    await run(two);
    core = await startCoreProcess({ home, port });

    expect((await report(one)).waiting).toBe(0);
    expect((await report(two)).waiting).toBe(0);
    const fleet = (await askCore('GET', '/v1/fleet')) as { items: Record<string, unknown>[] };
    expect(fleet.items).toHaveLength(2);
    for (const vm of [one, two]) {
      const own = await ownTotals(vm);
      const { vmId, reported } = (await vm.api('GET', '/api/v1/core')).body as {
        vmId: string;
        reported: object;
      };
      expect(fleet.items.find((item) => item.vmId === vmId)).toMatchObject(own);
      expect(reported).toEqual(own);
      expect(own.tokens).toBeGreaterThan(1000);
    }
  });

  it('said nothing else to one another', async () => {
    const sent = proxy.sent();
    const forms = (text: string) => [
      text,
      Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -2),
      Buffer.from(text).toString('hex'),
      encodeURIComponent(text),
    ];
    const secrets = [
      ...[key, ...Object.values(canaries), one.home, two.home, one.token, two.token],
      ...[hostname(), userInfo().username].filter((name) => name.length > 4 && !protocol.includes(name)),
    ];
    for (const text of secrets.flatMap(forms)) expect(sent).not.toContain(text);

    const requests = sent.split(/(?=(?:POST|GET) \/\S* HTTP\/1\.1\r\n)/);
    for (const request of requests) {
      const [head = '', body = ''] = request.split('\r\n\r\n');
      const [line = '', ...headers] = head.split('\r\n');
      const names = headers.map((header) => header.split(':')[0]?.toLowerCase());
      const known = ['host', 'connection', 'authorization', 'content-type', 'content-length'];
      expect(names.filter((name) => name !== undefined && !known.includes(name))).toEqual([]);
      if (/^POST .*\/metrics /.test(line))
        expect(metricReportSchema.safeParse(JSON.parse(body)).success).toBe(true);
      else if (line.startsWith('POST /v1/vms '))
        expect(enrolVmSchema.safeParse(JSON.parse(body)).success).toBe(true);
      else {
        expect(line).toMatch(
          /^(POST \/v1\/vms\/[0-9a-f-]{36}\/token|GET \/v1\/vms\/[0-9a-f-]{36}\/metrics|GET \/\.well-known\/alfred-key-succession\.json) /,
        );
        expect(body).toBe('');
      }
    }
    // Small, too: two VMs, two enrolments and a handful of reports.
    expect(requests.length).toBeGreaterThan(6);
    expect(proxy.bytes()).toBeLessThan(20_000);
    process.stderr.write(`between two VMs and Core: ${requests.length} requests, ${proxy.bytes()} bytes\n`);
  });
});
