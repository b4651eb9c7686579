import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../../../tests/helpers/http.ts';
import { noonZone } from '../../../tests/helpers/noon-zone.ts';
import { insertExecution, insertSkill } from '../../../tests/helpers/rows.ts';
import { budgetSchema } from '../../contract/budget.ts';
import { newId } from '../../kernel/ids.ts';
import { createLogger } from '../../kernel/log.ts';
import { ledgerCap } from '../../money/spend/ledger-cap.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({ withQueue: true });
});
afterAll(() => server.close());

const budget = async () => budgetSchema.parse((await server.send('GET', '/api/v1/budget')).body);

describe('GET /api/v1/budget', () => {
  it('is empty where nothing was spent and no cap is set', async () => {
    await server.send('PUT', '/api/v1/config/timezone', { value: 'Asia/Tokyo' });
    const nothing = { capUsd: null, spentUsd: 0, heldUsd: 0, lostUsd: 0 };
    const seen = await budget();
    expect(seen).toMatchObject({
      timezone: 'Asia/Tokyo',
      run: { capUsd: null },
      day: nothing,
      month: nothing,
    });
    expect(seen.skills).toEqual([]);
    // Midnight in Tokyo, at any time of the year.
    expect(seen.day.from).toMatch(/T15:00:00\.000Z$/);
  });

  it('shows what is spent, held and lost, of the VM and of each skill that has a part in it', async () => {
    const { id: skillId } = await insertSkill(server.db, { slug: 'spender' });
    await insertSkill(server.db, { slug: 'frugal', maxCostPerDayUsd: '0.5' });
    await insertSkill(server.db, { slug: 'idle' });
    const { id: executionId } = await insertExecution(server.db);
    for (const [key, value] of [
      ['timezone', noonZone()],
      ['max_cost_per_day_usd', '5'],
      ['max_cost_per_month_usd', '50'],
      ['max_cost_per_run_usd', '1'],
    ]) {
      await server.send('PUT', `/api/v1/config/${key}`, { value });
    }
    const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
    const worker = newId();
    await server.db.prisma.worker.create({
      data: { id: worker, kind: 'worker', machine: null, process: '1:1' },
    });
    const limit = ledgerCap({ db: server.db, log, workerId: worker }, { executionId, skillId, runCapUsd: 1 });
    const ask = { model: 'm', leastUsd: 0.1, comfortUsd: 0.1, mostUsd: 0.3 };
    await (await limit.hold(ask)).settle(0.25);
    await limit.hold(ask);
    const spent = { spentUsd: 0.25, heldUsd: 0.3, lostUsd: 0 };
    expect(await budget()).toMatchObject({
      run: { capUsd: 1 },
      day: { capUsd: 5, ...spent },
      month: { capUsd: 50, ...spent },
      skills: [
        { slug: 'spender', day: { capUsd: null, ...spent }, month: { capUsd: null, ...spent } },
        { slug: 'frugal', day: { capUsd: 0.5, spentUsd: 0 } },
      ],
    });
  });
});

describe('what waits of a skill', () => {
  const make = async (slug: string) => {
    const steps = [{ id: 1, prompt: 'Say hello.' }];
    expect((await server.send('POST', '/api/v1/skills', { slug, name: slug, steps })).status).toBe(201);
  };
  const run = async (slug: string): Promise<string> => {
    const { body } = await server.send('POST', `/api/v1/skills/${slug}/run`, { mode: 'rehearsal' });
    return (body as { executionId: string }).executionId;
  };
  const statuses = async (ids: readonly string[]) => {
    const rows = await server.db.prisma.execution.findMany({ where: { id: { in: [...ids] } } });
    return rows.map(({ status, startedAt }) => [status, startedAt]);
  };
  const off = ['cancelled', null];

  it('is cancelled when it is switched off, and told', async () => {
    await make('garden');
    const waiting = [await run('garden'), await run('garden')];
    const { status, body } = await server.send('PATCH', '/api/v1/skills/garden', { isActive: false });
    expect(status).toBe(200);
    expect(body).toMatchObject({ isActive: false, warnings: ['2 runs that waited: cancelled.'] });
    expect(await statuses(waiting)).toEqual([off, off]);
  });

  it('is cancelled when it is removed', async () => {
    await make('hedge');
    const waiting = [await run('hedge')];
    expect((await server.send('DELETE', '/api/v1/skills/hedge')).status).toBe(204);
    expect(await statuses(waiting)).toEqual([off]);
  });

  it('is cancelled by hand, all at once, and of no other', async () => {
    await make('lawn');
    await make('roses');
    const waiting = [await run('lawn'), await run('lawn')];
    const other = await run('roses');
    const cancel = (slug: string) => server.send('POST', `/api/v1/skills/${slug}/cancel`);
    expect(await cancel('lawn')).toMatchObject({ status: 200, body: { cancelled: 2 } });
    expect(await statuses(waiting)).toEqual([off, off]);
    expect(await statuses([other])).toEqual([['queued', null]]);
    expect(await cancel('lawn')).toMatchObject({ status: 200, body: { cancelled: 0 } });
    expect((await cancel('nobody')).status).toBe(404);
  });
});

describe('POST /api/v1/stop-all', () => {
  it('cancels and stops; DELETE goes on; neither by who may not', async () => {
    const { slug } = await insertSkill(server.db, { slug: 'waits' });
    const { id } = await insertExecution(server.db, { skillSlug: slug });
    const reader = await server.token('read');
    expect((await server.send('POST', '/api/v1/stop-all', undefined, { token: reader })).status).toBe(403);
    const runner = await server.token('run');
    const { status, body } = await server.send('POST', '/api/v1/stop-all', undefined, { token: runner });
    expect([status, body]).toMatchObject([200, { stopped: { by: expect.stringMatching(/^token:/) } }]);
    expect((await server.send('GET', `/api/v1/executions/${id}`)).body).toMatchObject({
      status: 'cancelled',
    });
    expect((await server.send('GET', '/api/v1/stop-all')).body).toMatchObject({
      stopped: { since: expect.any(String) },
    });
    const later = { slug: 'later', name: 'Later', steps: [{ id: 1, prompt: 'Go.', allowedTools: [] }] };
    expect((await server.send('POST', '/api/v1/skills', later)).status).toBe(201);
    const refused = await server.send('POST', '/api/v1/skills/later/run', {});
    expect(refused).toMatchObject({ status: 503, body: { code: 'E_STOPPED' } });
    expect(refused.headers['retry-after']).toBe('60');
    expect((await server.send('PUT', '/api/v1/config/stopped', { value: 'x' })).status).toBe(403);
    expect((await server.send('DELETE', '/api/v1/stop-all', undefined, { token: runner })).status).toBe(403);
    expect((await server.send('DELETE', '/api/v1/stop-all')).status).toBe(204);
    expect((await server.send('GET', '/api/v1/stop-all')).body).toEqual({ stopped: null });
  });
});
