/** The outbound webhook for what failed or waits: signed, redacted, delivered at least once, and never in a run's way. */
import { once } from 'node:events';
import path from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { configPlace, putConfig } from '../../src/config/put-config.ts';
import { type ChannelInput, type ChannelPatch, channelInputSchema } from '../../src/contract/channels.ts';
import { cancelExecution } from '../../src/executions/cancel-execution.ts';
import { decideApproval } from '../../src/executions/decide-approval.ts';
import { listApprovals } from '../../src/executions/list-approvals.ts';
import { decideByLink, lookAtLink, makeLinks } from '../../src/notices/approval-links.ts';
import { carryOverWebhook } from '../../src/notices/carry-over-webhook.ts';
import { findChannel } from '../../src/notices/channel-row.ts';
import { createChannel } from '../../src/notices/create-channel.ts';
import { listChannels } from '../../src/notices/list-channels.ts';
import { createPostman, type Postman } from '../../src/notices/postman.ts';
import { readPushKey } from '../../src/notices/push-key.ts';
import { removeChannel } from '../../src/notices/remove-channel.ts';
import { testChannel } from '../../src/notices/test-channel.ts';
import { updateChannel } from '../../src/notices/update-channel.ts';
import { announce } from '../../src/queue/announce.ts';
import { writePlain } from '../../src/vault/plain-rows.ts';
import { type Canary, startCanary } from '../helpers/canary.ts';
import { until } from '../helpers/mcp/stdio-link.ts';
import { startMessagesApi } from '../helpers/messages-api.ts';
import { startPushService } from '../helpers/push-service.ts';
import { createRunnerBench, type RunnerBench } from '../helpers/runner.ts';
import { startTestVm } from '../helpers/vm.ts';

const secret = 'whsec_bm90aWNlcy1ub3RpY2VzLW5vdGljZXMtbm90aWNlcw==';
let status = 204;
let receiver: Canary;
let bench: RunnerBench;
let postman: Postman;
/** What the postman goes by. */
let now: () => Date = () => new Date();
beforeAll(async () => {
  receiver = await startCanary((_request, response) => {
    // It has it, and does not say so.
    if (status === 0) return;
    response.writeHead(status, status === 302 ? { location: `${receiver.url}/elsewhere` } : {}).end();
  });
  bench = await createRunnerBench(() => ({ fail: 'unauthorized' }));
  await bench.addSkill({ slug: 'fails', steps: ['Break {{what}}'] });
  const ledger = path.join(import.meta.dirname, '../helpers/mcp/ledger-server.ts');
  await bench.addConnection('ledger', [ledger, path.join(bench.home, 'ledger.jsonl')]);
  const allowedTools = ['mcp__ledger__*'];
  await bench.addSkill({ slug: 'pays', steps: [{ prompt: 'Pay', allowedTools, approval: 'destructive' }] });
  postman = createPostman({
    ...bench,
    settings: { publicUrl: 'https://alfred.example' },
    clock: { now: () => now() },
  });
  await postman.start();
});
afterAll(async () => {
  await postman.stop();
  await bench.close();
  await receiver.close();
});
afterEach(() => {
  status = 204;
  now = () => new Date();
  receiver.requests.length = 0;
});

const add = (input: Partial<ChannelInput> & Pick<ChannelInput, 'name' | 'kind'>) =>
  createChannel(bench, channelInputSchema.parse(input), 'owner');
const shown = async (name: string) => (await listChannels(bench)).find((one) => one.name === name);
const jobs = () => bench.db.pool.query(`SELECT id FROM pgboss.job WHERE name = 'notice.deliver'`);
/** What came, with its signature verified. */
const received = () =>
  receiver.requests.map(({ headers, body }) => ({
    id: headers['webhook-id'],
    event: new Webhook(secret).verify(body, headers as Record<string, string>) as Record<string, unknown>,
  }));

it('is not sent without a channel', async () => {
  await bench.run('fails', { what: 'it' });
  expect((await jobs()).rowCount).toBe(0);
});

it('tells of a failure, signed by Standard Webhooks, and of nothing that was given or made', async () => {
  // As an older home has it: its settings become a channel.
  const sealed = bench.vault.seal(configPlace('notify_webhook_secret'), secret, 'notify_webhook_secret');
  await bench.db.prisma.config.create({ data: { key: 'notify_webhook_secret', value: sealed } });
  await bench.db.transaction((tx) => writePlain(tx, { notify_webhook_url: `${receiver.url}/notices` }));
  await carryOverWebhook(bench);
  await carryOverWebhook(bench);
  expect(await shown('webhook')).toMatchObject({ kind: 'webhook', place: receiver.url, isActive: true });
  expect(await bench.db.prisma.config.count({ where: { key: { startsWith: 'notify_' } } })).toBe(0);
  await expect(putConfig(bench, 'notify_webhook_url', receiver.url)).rejects.toMatchObject({
    code: 'E_VALIDATION',
    remedy: expect.stringContaining('alfred notice add'),
  });
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
    data: { ...detail, url: 'https://alfred.example/settings#backups' },
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
  await until(async () => (await shown('webhook'))?.waiting === 0);
  const { rows } = await bench.db.pool.query(
    `SELECT id::text, data ->> 'event' AS event FROM pgboss.job WHERE name = 'notice.deliver' AND data ->> 'executionId' = $1`,
    [id],
  );
  // That it came to its end is a notice of its own, which this channel is not told.
  expect(rows).toContainEqual({ id: told?.id, event: 'waiting' });
  expect(rows.map(({ event }) => event).sort()).toEqual(['done', 'waiting']);
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
  expect(await shown('webhook')).toMatchObject({
    ...{ waiting: 1, givenUp: 0, lastError: expect.stringContaining('302') },
    ...{ oldestAt: expect.any(String), failingSince: expect.any(String), failures: expect.any(Number) },
  });
  status = 204;
  await until(async () => (await shown('webhook'))?.waiting === 0);
  const all = received();
  expect(all.length).toBeGreaterThan(1);
  for (const one of all) expect(one).toEqual(all[0]);
});

it('makes up a secret where there is none, and shows it once', async () => {
  await removeChannel(bench, 'webhook', 'owner');
  const near = { url: `${receiver.url}/notices`, allowPrivateNetwork: true };
  const { warnings, config } = await add({ name: 'again', kind: 'webhook', config: near });
  const made = /whsec_\S+/.exec(warnings?.[0] ?? '')?.[0] ?? '';
  expect(config).toMatchObject({
    url: { sealed: true },
    secret: { sealed: true },
    allowPrivateNetwork: true,
  });
  await bench.run('fails', { what: 'it' });
  await until(() => receiver.requests.length === 1);
  const [request] = receiver.requests;
  new Webhook(made).verify(request?.body ?? '', request?.headers as Record<string, string>);
  const wrong = [
    { url: near.url },
    { url: 'http://example.com/x' },
    { ...near, secret: 'too-simple' },
    { ...near, colour: 'blue' },
    {},
  ];
  for (const config of wrong)
    await expect(add({ name: 'wrong', kind: 'webhook', config })).rejects.toMatchObject({
      code: 'E_VALIDATION',
    });
  await expect(add({ name: 'again', kind: 'webhook', config: near })).rejects.toMatchObject({
    code: 'E_CONFLICT',
  });
});

it('keeps what comes in quiet hours for their end, but for a call that waits', async () => {
  await putConfig(bench, 'timezone', 'Europe/Berlin');
  await updateChannel(
    bench,
    'again',
    { rules: { quiet: { from: '22:00', to: '07:00' }, urgent: true } },
    'owner',
  );
  // In the night in which the clocks of Berlin go back: 23:00 in summer, 07:00 in winter.
  now = () => new Date('2026-10-24T21:00:00Z');
  const { execution } = await bench.run('fails', { what: 'it' });
  await until(async () => (await shown('again'))?.waiting === 1);
  await bench.db.transaction((tx) =>
    announce({ queue: bench.queue, tx }, { event: 'waiting', executionId: execution.id, detail: {} }),
  );
  await until(() => receiver.requests.length === 1);
  expect(JSON.parse(String(receiver.requests[0]?.body))).toMatchObject({ type: 'execution.waiting' });
  now = () => new Date('2026-10-25T05:59:59Z');
  postman.soon();
  await until(async () => (await shown('again'))?.waiting === 1);
  now = () => new Date('2026-10-25T06:00:00Z');
  postman.soon();
  await until(() => receiver.requests.length === 2);
  expect(JSON.parse(String(receiver.requests[1]?.body))).toMatchObject({ type: 'execution.failed' });
  await updateChannel(bench, 'again', { rules: { quiet: null } }, 'owner');
});

it('tells once a day what came of it, and as much as its owner lets out', async () => {
  await updateChannel(
    bench,
    'again',
    { rules: { events: [], digestAt: '07:30', content: 'happened' } },
    'owner',
  );
  const morning = new Date(Date.now() + 2 * 86_400_000);
  morning.setUTCHours(12, 0, 0, 0);
  now = () => morning;
  postman.soon();
  await until(() => receiver.requests.length === 1);
  postman.soon();
  const told = JSON.parse(String(receiver.requests[0]?.body));
  expect(told).toMatchObject({ type: 'digest', data: { total: expect.any(Number) } });
  expect(told.data.runs).toBeUndefined();
  await until(async () => (await shown('again'))?.waiting === 0);
  expect(receiver.requests).toHaveLength(1);
});

it('tells the others of a channel that takes nothing for long, and drops nothing before three days', async () => {
  await updateChannel(bench, 'again', { rules: { events: ['failed'] } }, 'owner');
  const near = { url: `${receiver.url}/other`, allowPrivateNetwork: true };
  await add({ name: 'other', kind: 'webhook', config: near, rules: { events: ['channel'] } });
  const closed = await startCanary();
  await closed.close();
  await updateChannel(bench, 'again', { config: { url: closed.url } }, 'owner');
  await bench.run('fails', { what: 'it' });
  await until(async () => ((await shown('again'))?.failures ?? 0) > 0);
  const later = (hours: number) => {
    const at = new Date(Date.now() + hours * 3_600_000);
    now = () => at;
    postman.soon();
  };
  later(2);
  await until(() => receiver.requests.some(({ url }) => url === '/other'));
  expect(JSON.parse(String(receiver.requests.find(({ url }) => url === '/other')?.body))).toMatchObject({
    type: 'channel.failed',
    data: { name: 'again', error: expect.stringContaining('refuses the connection') },
  });
  expect(await shown('again')).toMatchObject({ waiting: 1, givenUp: 0 });
  later(80);
  await until(async () => (await shown('again'))?.givenUp === 1);
  await removeChannel(bench, 'again', 'owner');
  await removeChannel(bench, 'other', 'owner');
});

it('tells a browser, and is done with it once it has taken its subscription back', async () => {
  const service = await startPushService();
  const config = { ...service.subscription, device: 'Firefox on Linux', allowPrivateNetwork: true };
  await add({ name: 'laptop', kind: 'browser', config, rules: { events: ['failed'], content: 'happened' } });
  await add({
    ...{
      name: 'other',
      kind: 'webhook',
      config: { url: `${receiver.url}/other`, allowPrivateNetwork: true },
    },
    rules: { events: ['channel'] },
  });
  try {
    const { rows } = await bench.db.pool.query(
      `SELECT config, secrets FROM notice_channels WHERE name = 'laptop'`,
    );
    expect(JSON.stringify(rows)).not.toContain(service.subscription.auth);
    expect(rows[0].config).toEqual({ device: 'Firefox on Linux', allowPrivateNetwork: true });
    expect((await shown('laptop'))?.place).toMatch(/^Firefox on Linux, by 127\.0\.0\.1/);
    await bench.run('fails', { what: 'the-content' });
    await until(async () => (await service.pushed()).length === 1);
    const [pushed] = await service.pushed();
    // No more than its owner lets out.
    expect(pushed?.payload).toMatchObject({ title: 'A run failed', text: '', links: [] });
    expect(pushed?.payload.path).toMatch(/^\/executions\/[0-9a-f-]{36}$/);
    const key = await readPushKey(bench);
    expect(pushed?.publicKey).toBe(key.publicKey);
    expect(await readPushKey(bench)).toEqual(key);
    const kept = await bench.db.prisma.config.findUniqueOrThrow({ where: { key: 'push_key' } });
    expect(kept.value).toMatch(/^encrypted:/);

    await until(async () => (await shown('laptop'))?.waiting === 0);
    service.answers(410);
    await bench.run('fails', { what: 'it' });
    await until(() => receiver.requests.some(({ url }) => url === '/other'));
    expect(await shown('laptop')).toMatchObject({
      ...{ isActive: false, waiting: 0, givenUp: 1 },
      lastError: expect.stringContaining('This browser is subscribed no more'),
    });
    // It is asked nothing more, and stands as its owner may turn it on again.
    service.answers(201);
    await updateChannel(bench, 'laptop', { config, isActive: true }, 'owner');
    expect(await shown('laptop')).toMatchObject({ isActive: true, lastError: null, failures: 0 });
    service.answers(404);
    expect(
      await testChannel(
        { ...bench, settings: { publicUrl: undefined } },
        'laptop',
        AbortSignal.timeout(20_000),
      ),
    ).toMatchObject({ isDelivered: false });
    expect(await shown('laptop')).toMatchObject({ isActive: false });
    // The other is told of that too; what is under way to it must not reach the next test.
    await until(() => receiver.requests.filter(({ url }) => url === '/other').length === 2);
    await until(async () => (await shown('other'))?.waiting === 0);
  } finally {
    await removeChannel(bench, 'laptop', 'owner');
    await removeChannel(bench, 'other', 'owner');
    await service.close();
  }
});

it('has a call approved by a link that shows it, once, and by nothing that merely opens it', async () => {
  const near = { url: `${receiver.url}/notices`, allowPrivateNetwork: true };
  await add({ name: 'mine', kind: 'webhook', config: near, rules: { events: ['waiting'], links: true } });
  const call = { name: 'mcp__ledger__pay', input: { to: 'the-payee' } };
  bench.api.setScript(({ body }) =>
    JSON.stringify(body.messages).includes('"tool_result"') ? { text: 'Done.' } : { toolCalls: [call] },
  );
  const id = await bench.start('pays');
  await until(() => receiver.requests.length > 0);
  const { links } = JSON.parse(String(receiver.requests[0]?.body)) as { links: { url: string }[] };
  const url = new URL(links[0]?.url ?? '');
  expect(url.href).toMatch(/^https:\/\/alfred\.example\/approve#decide_[\w-]{43}$/);
  const token = url.hash.slice(1);
  const { rows } = await bench.db.pool.query('SELECT * FROM approval_links');
  expect(JSON.stringify(rows)).not.toContain(token);
  const shown = await lookAtLink(bench, token);
  expect(shown).toMatchObject({
    name: 'mcp__ledger__pay',
    arguments: { to: 'the-payee' },
    status: 'pending',
  });
  expect(await lookAtLink(bench, token)).toEqual(shown);
  const decide = (decision: 'approve' | 'deny', argumentsHash = shown.argumentsHash, by = token) =>
    decideByLink(bench, by, { decision, argumentsHash });
  await expect(decide('approve', 'of another call')).rejects.toMatchObject({ code: 'E_CONFLICT' });
  await expect(decide('approve', undefined, `decide_${'A'.repeat(43)}`)).rejects.toMatchObject({
    code: 'E_NOT_FOUND',
  });
  await bench.db.pool.query(`UPDATE approval_links SET expires_at = expires_at + interval '1 day'`);
  await expect(lookAtLink(bench, token)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  await bench.db.pool.query(`UPDATE approval_links SET expires_at = expires_at - interval '1 day'`);
  const both = await Promise.allSettled([decide('approve'), decide('approve')]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(lookAtLink(bench, token)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  expect((await bench.ended(id)).execution.status).toBe('succeeded');
  const decided = await bench.db.pool.query(
    `SELECT actor FROM audit_inbox WHERE action = 'approval.decided' AND data ->> 'executionId' = $1
     UNION ALL SELECT actor FROM audit_events WHERE action = 'approval.decided' AND data ->> 'executionId' = $1`,
    [id],
  );
  expect(decided.rows).toEqual([{ actor: 'link:mine' }]);
  bench.api.setScript(() => ({ fail: 'unauthorized' }));
  await removeChannel(bench, 'mine', 'owner');
});

it('has no call approved by a link that was sent to where nothing is sent any more', async () => {
  const near = { url: `${receiver.url}/notices`, allowPrivateNetwork: true };
  const as = { config: near, rules: { events: ['waiting' as const], links: true } };
  await add({ name: 'mine', kind: 'webhook', ...as });
  bench.api.setScript(() => ({ toolCalls: [{ name: 'mcp__ledger__pay', input: { to: 'the-payee' } }] }));
  const id = await bench.start('pays');
  await until(
    async () => (await listApprovals(bench, { execution: id, status: 'pending', limit: 5 })).items.length > 0,
  );
  const linked = async (): Promise<string> => {
    const channel = await findChannel(bench.db.prisma, 'mine');
    const waits = { event: 'waiting' as const, executionId: id };
    const [link] = await makeLinks(bench.db, 'https://alfred.example', channel, waits);
    return new URL(link?.url ?? '').hash.slice(1);
  };
  const change = (patch: ChannelPatch) => () => updateChannel(bench, 'mine', patch, 'owner');
  const isGoodAfter = async (act: () => Promise<unknown>): Promise<boolean> => {
    const token = await linked();
    await lookAtLink(bench, token);
    await act();
    return lookAtLink(bench, token).then(
      () => true,
      () => false,
    );
  };
  expect(await isGoodAfter(change({ rules: { content: 'whole' }, config: near }))).toBe(true);
  for (const patch of [
    { rules: { links: false } },
    { isActive: false },
    { config: { url: `${receiver.url}/other` } },
    { name: 'ours' },
  ]) {
    expect(await isGoodAfter(change(patch)), JSON.stringify(patch)).toBe(false);
    await updateChannel(bench, patch.name ?? 'mine', { name: 'mine', isActive: true, ...as }, 'owner');
  }
  expect(await isGoodAfter(() => removeChannel(bench, 'mine', 'owner'))).toBe(false);
  await cancelExecution(bench, id, 'owner');
  bench.api.setScript(() => ({ fail: 'unauthorized' }));
});

it('is told nothing by a row that somebody else wrote', async () => {
  const near = { url: `${receiver.url}/notices`, allowPrivateNetwork: true };
  await add({ name: 'mine', kind: 'webhook', config: near });
  await bench.db.pool.query(`UPDATE notice_channels SET rules = '{"content": "whole"}' WHERE name = 'mine'`);
  await bench.run('fails', { what: 'it' });
  await until(async () => (await jobs()).rows.length > 0);
  expect(await shown('mine')).toMatchObject({
    isActive: false,
    waiting: 0,
    lastError: expect.stringContaining('E_ROW_ALTERED'),
  });
  expect(receiver.requests).toEqual([]);
  await removeChannel(bench, 'mine', 'owner');
});

it('outlives a kill of the VM between what is sent and what is marked as delivered', async () => {
  status = 0;
  const api = await startMessagesApi(() => ({ fail: 'unauthorized' }));
  const env = {
    ANTHROPIC_BASE_URL: api.url,
    ANTHROPIC_API_KEY: 'sk-ant-notices-1f2e3d4c',
    ALFRED_SPARE_AGENTS: '0',
  };
  let vm = await startTestVm({ env });
  const { home } = vm;
  try {
    const config = { url: receiver.url, secret, allowPrivateNetwork: true };
    await vm.api('POST', '/api/v1/notice-channels', { name: 'programs', kind: 'webhook', config });
    await vm.api('POST', '/api/v1/skills', { slug: 'fails', name: 'F', steps: [{ id: 1, prompt: 'Break' }] });
    const run = await vm.api('POST', '/api/v1/skills/fails/run?wait=60', {});
    expect(run.body).toMatchObject({ status: 'failed' });
    // Sent, and not marked as delivered.
    await until(() => receiver.requests.length > 0);
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
    await until(async () => (await vm.cli(['doctor'])).stdout.includes('programs (http://127.0.0.1'));
  } finally {
    await vm.stop();
    await api.close();
  }
});
