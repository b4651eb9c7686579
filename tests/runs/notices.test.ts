/** The outbound webhook for what failed or waits: signed, redacted, delivered at least once, and never in a run's way. */
import { once } from 'node:events';
import path from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { deleteConfig } from '../../src/config/delete-config.ts';
import { putConfig } from '../../src/config/put-config.ts';
import { decideApproval } from '../../src/executions/decide-approval.ts';
import { listApprovals } from '../../src/executions/list-approvals.ts';
import { announce } from '../../src/queue/announce.ts';
import { deliverNotices } from '../../src/triggers/deliver-notices.ts';
import { readNotices } from '../../src/triggers/read-notices.ts';
import { type Canary, startCanary } from '../helpers/canary.ts';
import { until } from '../helpers/mcp/stdio-link.ts';
import { startMessagesApi } from '../helpers/messages-api.ts';
import { createRunnerBench, type RunnerBench } from '../helpers/runner.ts';
import { startTestVm } from '../helpers/vm.ts';

const secret = 'whsec_bm90aWNlcy1ub3RpY2VzLW5vdGljZXMtbm90aWNlcw==';
let status = 204;
let receiver: Canary;
let bench: RunnerBench;
beforeAll(async () => {
  receiver = await startCanary((_request, response) => {
    response.writeHead(status, status === 302 ? { location: `${receiver.url}/elsewhere` } : {}).end();
  });
  bench = await createRunnerBench(() => ({ fail: 'unauthorized' }));
  await bench.addSkill({ slug: 'fails', steps: ['Break {{what}}'] });
  const ledger = path.join(import.meta.dirname, '../helpers/mcp/ledger-server.ts');
  await bench.addConnection('ledger', [ledger, path.join(bench.home, 'ledger.jsonl')]);
  const allowedTools = ['mcp__ledger__*'];
  await bench.addSkill({ slug: 'pays', steps: [{ prompt: 'Pay', allowedTools, approval: 'destructive' }] });
  await deliverNotices({ ...bench, settings: { publicUrl: 'https://alfred.example' } });
});
afterAll(async () => {
  await bench.close();
  await receiver.close();
});
afterEach(() => {
  status = 204;
  receiver.requests.length = 0;
});

const put = (key: string, value: string) => putConfig(bench, key, value);
const jobs = () => bench.db.pool.query(`SELECT id FROM pgboss.job WHERE name = 'notice.deliver'`);
/** What came, with its signature verified. */
const received = () =>
  receiver.requests.map(({ headers, body }) => ({
    id: headers['webhook-id'],
    event: new Webhook(secret).verify(body, headers as Record<string, string>) as Record<string, unknown>,
  }));

it('is not sent without an address', async () => {
  await bench.run('fails', { what: 'it' });
  expect((await jobs()).rowCount).toBe(0);
});

it('tells of a failure, signed by Standard Webhooks, and of nothing that was given or made', async () => {
  await put('notify_webhook_secret', secret);
  expect((await put('notify_webhook_url', `${receiver.url}/notices`)).warnings).toBeUndefined();
  bench.vault.redactor.register('files.token', 'a-secret-in-an-error');
  const { execution } = await bench.run('fails', { what: 'the-content' });
  await until(() => receiver.requests.length === 1);
  const [told] = received();
  expect(told?.event).toEqual({
    type: 'execution.failed',
    timestamp: execution.completedAt,
    data: {
      ...{ id: execution.id, skillSlug: 'fails', skillVersion: 1, mode: 'live', trigger: 'manual' },
      ...{ actor: 'owner', status: 'failed', errorCode: 'E_MODEL_AUTH', error: execution.error },
      ...{ retryOf: null, createdAt: execution.createdAt, startedAt: execution.startedAt },
      ...{ completedAt: execution.completedAt, url: `https://alfred.example/executions/${execution.id}` },
    },
  });
  expect(receiver.requests[0]?.url).toBe('/notices');
  expect(receiver.requests[0]?.body).not.toContain('the-content');
  expect(bench.logged()).not.toContain(secret);
});

it('tells of a backup that is missing', async () => {
  const detail = { error: 'the disk is full', dueSince: '2026-01-02T03:00:00.000Z', lastAt: null };
  await bench.db.transaction((tx) =>
    announce({ queue: bench.queue, tx }, { event: 'backup_overdue', detail }),
  );
  await until(() => receiver.requests.length === 1);
  expect(received()[0]?.event).toMatchObject({
    type: 'backup.overdue',
    data: { ...detail, url: 'https://alfred.example/settings' },
  });
});

it('tells once of a run that comes to wait for a person: what it waits for, and nothing of what it is given', async () => {
  const call = { name: 'mcp__ledger__pay', input: { to: 'the-payee' } };
  bench.api.setScript(({ body }) =>
    JSON.stringify(body.messages).includes('"tool_result"') ? { text: 'Done.' } : { toolCalls: [call] },
  );
  const id = await bench.start('pays');
  await until(() => receiver.requests.length > 0);
  const { items } = await listApprovals(bench, { execution: id, status: 'pending', limit: 5 });
  const [approval] = items;
  if (!approval) throw new Error('Nothing waits');
  const [told] = received();
  expect(told?.event).toMatchObject({
    type: 'execution.waiting',
    data: {
      ...{ id, skillSlug: 'pays', status: 'waiting_approval', errorCode: null, completedAt: null },
      url: `https://alfred.example/executions/${id}`,
      approvals: [{ id: approval.id, tool: 'mcp__ledger__pay', expiresAt: approval.expiresAt }],
    },
  });
  expect(receiver.requests[0]?.body).not.toContain('the-payee');
  await decideApproval(bench, approval.id, { decision: 'approve', actor: 'owner' });
  expect((await bench.ended(id)).execution.status).toBe('succeeded');
  await until(async () => (await readNotices(bench)).waiting === 0);
  const { rows } = await bench.db.pool.query(
    `SELECT id::text, data ->> 'event' AS event FROM pgboss.job WHERE name = 'notice.deliver' AND data ->> 'executionId' = $1`,
    [id],
  );
  expect(rows).toEqual([{ id: told?.id, event: 'waiting' }]);
  expect(receiver.requests).toHaveLength(1);
  bench.api.setScript(() => ({ fail: 'unauthorized' }));
});

it('redacts what one waits for', async () => {
  const { executionId, at } = {
    executionId: (await bench.db.prisma.execution.findFirstOrThrow()).id,
    at: new Date(),
  };
  const detail = { tool: 'mcp__files__delete', why: 'a-secret-in-an-error' };
  await bench.db.transaction((tx) =>
    announce({ queue: bench.queue, tx }, { event: 'waiting', executionId, at, detail }),
  );
  await until(() => receiver.requests.length === 1);
  expect(received()[0]?.event).toMatchObject({
    type: 'execution.waiting',
    timestamp: at.toISOString(),
    data: {
      ...{ id: executionId, status: 'waiting_approval', tool: 'mcp__files__delete' },
      why: '[redacted:files.token]',
    },
  });
});

it('is not sent when what it tells of is not committed', async () => {
  const { id: executionId } = await bench.db.prisma.execution.findFirstOrThrow();
  const before = (await jobs()).rowCount;
  await expect(
    bench.db.transaction(async (tx) => {
      await announce({ queue: bench.queue, tx }, { event: 'waiting', executionId });
      throw new Error('no');
    }),
  ).rejects.toThrowError('no');
  expect((await jobs()).rowCount).toBe(before);
});

it('is sent again until it is taken, under one id; the run has long ended, and a redirect is not followed', async () => {
  status = 302;
  const { execution } = await bench.run('fails', { what: 'it' });
  expect(execution.status).toBe('failed');
  await until(() => receiver.requests.length > 0);
  await until(() => bench.logged().includes('takes no notice'));
  expect(receiver.requests.map(({ url }) => url)).not.toContain('/elsewhere');
  await until(async () => (await readNotices(bench)).attempts > 0);
  expect(await readNotices(bench)).toMatchObject({
    ...{ origin: receiver.url, waiting: 1, givenUp: 0, lastError: expect.stringContaining('302') },
    oldestAt: expect.any(String),
  });
  status = 204;
  await until(async () => (await readNotices(bench)).waiting === 0);
  const all = received();
  expect(all.length).toBeGreaterThan(1);
  for (const one of all) expect(one).toEqual(all[0]);
});

it('makes up a secret where there is none, and shows it once', async () => {
  await deleteConfig(bench, 'notify_webhook_secret');
  const { warnings } = await put('notify_webhook_url', `${receiver.url}/notices`);
  const made = /whsec_\S+/.exec(warnings?.[0] ?? '')?.[0] ?? '';
  await bench.run('fails', { what: 'it' });
  await until(() => receiver.requests.length === 1);
  const [request] = receiver.requests;
  new Webhook(made).verify(request?.body ?? '', request?.headers as Record<string, string>);
  expect((await put('notify_webhook_url', `${receiver.url}/notices`)).warnings).toBeUndefined();
  await expect(put('notify_webhook_secret', 'too-simple')).rejects.toMatchObject({ code: 'E_VALIDATION' });
  await expect(put('notify_webhook_url', 'http://example.com/x')).rejects.toMatchObject({
    code: 'E_VALIDATION',
  });
});

it('outlives a kill of the VM and an address that is away', async () => {
  status = 503;
  const api = await startMessagesApi(() => ({ fail: 'unauthorized' }));
  const env = {
    ANTHROPIC_BASE_URL: api.url,
    ANTHROPIC_API_KEY: 'sk-ant-notices-1f2e3d4c',
    ALFRED_SPARE_AGENTS: '0',
  };
  let vm = await startTestVm({ env });
  const { home } = vm;
  try {
    await vm.api('PUT', '/api/v1/config/notify_webhook_secret', { value: secret });
    await vm.api('PUT', '/api/v1/config/notify_webhook_url', { value: receiver.url });
    await vm.api('POST', '/api/v1/skills', { slug: 'fails', name: 'F', steps: [{ id: 1, prompt: 'Break' }] });
    const run = await vm.api('POST', '/api/v1/skills/fails/run?wait=60', {});
    expect(run.body).toMatchObject({ status: 'failed' });
    await until(() => vm.stderr().includes('takes no notice'));
    const gone = once(vm.process, 'exit');
    vm.process.kill('SIGKILL');
    await gone;
    status = 204;
    const tries = receiver.requests.length;
    vm = await startTestVm({ home, env });
    await until(() => receiver.requests.length > tries);
    const all = received();
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(all.at(-1)?.event).toMatchObject({ data: { id: (run.body as { id: string }).id } });
    await until(async () => (await vm.cli(['doctor'])).stdout.includes('is told of what failed or waits'));
  } finally {
    await vm.stop();
    await api.close();
  }
}, 180_000);
