import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { until } from '../../tests/helpers/mcp/stdio-link.ts';
import { inTurn, type MessagesApi, startMessagesApi } from '../../tests/helpers/messages-api.ts';
import { createTestVault, type TestVault } from '../../tests/helpers/vault.ts';
import { deleteConfig } from '../config/delete-config.ts';
import { putConfig } from '../config/put-config.ts';
import { modelTestSchema } from '../contract/model.ts';
import { newId } from '../kernel/ids.ts';
import { createLogger } from '../kernel/log.ts';
import { listAllRows } from '../vault/plain-rows.ts';
import { modelFailure } from './failures.ts';
import { startModelProxy } from './proxy/model-proxy.ts';
import { testModel } from './test-model.ts';
import type { ModelProxy } from './tickets.ts';
import { endTrouble, ModelWatch, noteTrouble, readTrouble } from './trouble.ts';

let db: TestDatabase;
let vault: TestVault;
let proxy: ModelProxy;
let home: string;
let api: MessagesApi | undefined;
const settings = { model: undefined };
const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
const workerId = newId();
const key = 'sk-ant-canary-3f7a0c1199';

beforeAll(async () => {
  db = await createTestDatabase();
  vault = await createTestVault(db);
  home = await mkdtemp(path.join(tmpdir(), 'alfred-test-model-'));
  proxy = await startModelProxy({ db, vault, log, settings: { home } });
});
afterAll(async () => {
  await proxy.close();
  await vault.remove();
  await db.drop();
  await rm(home, { recursive: true, force: true });
});
beforeEach(async () => {
  await db.prisma.config.deleteMany({
    where: { key: { in: ['model_base_url', 'anthropic_api_key', 'max_cost_per_run_usd'] } },
  });
  await listAllRows(db.prisma);
  await db.pool.query('DELETE FROM model_trouble');
  return async () => {
    await api?.close();
    api = undefined;
  };
});

const clock = { now: () => new Date('2026-11-23T15:07:00Z') };
const attempt = async () =>
  modelTestSchema.parse(await testModel({ db, vault, settings, proxy, log, workerId, clock }));

/** What a call cost is taken down once its answer is on its way: also after the caller has it. */
const settled = () =>
  until(async () => (await db.prisma.spendReservation.count({ where: { settledAt: null } })) === 0);

async function endpoint(...script: Parameters<typeof inTurn>) {
  api = await startMessagesApi(inTurn(...script));
  await putConfig({ db, vault }, 'model_base_url', api.url);
  await putConfig({ db, vault }, 'anthropic_api_key', key);
  return api;
}

describe('what keeps the model from answering', () => {
  const trouble = () => readTrouble({ db });

  it('stands until the model answers, or is set up anew', async () => {
    await endpoint({ fail: 'unauthorized' });
    const { message, remedy } = await attempt();
    const first = await trouble();
    expect(first).toMatchObject({ code: 'E_MODEL_AUTH', message, remedy });
    expect(JSON.stringify(first)).not.toContain(key);
    await attempt();
    expect(await trouble()).toMatchObject({ since: first?.since });
    await putConfig({ db, vault }, 'anthropic_api_key', key);
    expect(await trouble()).toBeUndefined();
    await attempt();
    expect(await trouble()).toMatchObject({ code: 'E_MODEL_AUTH', since: first?.since });
  });

  it('is over with its next answer, in any process', async () => {
    await noteTrouble({ db, redactor: vault.redactor }, 'claude-sonnet-5-5', modelFailure('overloaded'));
    await endpoint({ text: 'OK' });
    expect((await attempt()).ok).toBe(true);
    await until(async () => (await trouble()) === undefined);
  });

  it('is not a model that only one skill names', async () => {
    const watch = new ModelWatch({ db, redactor: vault.redactor, log });
    await watch.tell('gone', { state: 'refused', failure: modelFailure('notFound', { model: 'gone' }) });
    expect(await trouble()).toBeUndefined();
    // Named by the VM's own settings, it is not found by another that answers.
    await noteTrouble({ db, redactor: vault.redactor }, 'gone', modelFailure('notFound', { model: 'gone' }));
    await watch.tell('there', { state: 'answered', failure: undefined });
    expect(await trouble()).toMatchObject({ code: 'E_MODEL_NOT_FOUND' });
    await endTrouble({ db }, 'gone');
    expect(await trouble()).toBeUndefined();
  });
});

describe('testModel', () => {
  it('says that the rehearsal model answers when none is set up', async () => {
    expect(await attempt()).toMatchObject({ ok: true, rehearsal: true, costUsd: 0 });
  });

  it('says that the model answers, and what it cost', async () => {
    const { requests } = await endpoint({ text: 'OK', usage: { input_tokens: 10, output_tokens: 1 } });
    expect(await attempt()).toMatchObject({ ok: true, rehearsal: false, costUsd: expect.any(Number) });
    expect(requests).toHaveLength(1);
    expect(requests[0]?.headers['x-api-key']).toBe(key);
  });

  it.each([
    ['unauthorized', 'E_MODEL_AUTH'],
    ['model-not-found', 'E_MODEL_NOT_FOUND'],
    ['billing', 'E_MODEL_BILLING'],
    ['overloaded', 'E_MODEL_OVERLOADED'],
    ['reset', 'E_MODEL_UNREACHABLE'],
  ] as const)('says what is wrong, and what to do: %s', async (fail, code) => {
    await endpoint({ fail }, { fail }, { fail });
    expect(await attempt()).toMatchObject({ ok: false, code, remedy: expect.any(String) });
  });

  it('does not wait longer than its caller', async () => {
    await endpoint({ fail: 'hang' });
    const soon = AbortSignal.timeout(200);
    expect(await testModel({ db, vault, settings, proxy, log, workerId }, { signal: soon })).toMatchObject({
      ok: false,
    });
  });

  it('keeps to the cap of a run', async () => {
    await endpoint({ text: 'OK' });
    await putConfig({ db, vault }, 'max_cost_per_run_usd', '0.0000001');
    expect(await attempt()).toMatchObject({ ok: false, code: 'E_COST_CAP' });
  });

  it('counts towards the day of the VM, and keeps to its cap', async () => {
    await endpoint({ text: 'OK', usage: { input_tokens: 10, output_tokens: 1 } });
    await settled();
    await db.prisma.spendTotal.deleteMany();
    expect(await attempt()).toMatchObject({ ok: true });
    await settled();
    const totals = await db.prisma.spendTotal.findMany();
    expect(totals).toMatchObject([{ scope: 'vm', bucket: new Date('2026-11-23T15:00:00Z') }]);
    expect(Number(totals[0]?.usd)).toBeCloseTo(0.00003, 9);
    await putConfig({ db, vault }, 'max_cost_per_day_usd', '0.00004');
    expect(await attempt()).toMatchObject({ ok: false, code: 'E_COST_CAP_DAY' });
    await deleteConfig({ db }, 'max_cost_per_day_usd');
  });
});
