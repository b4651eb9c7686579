import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../../../tests/helpers/http.ts';
import { insertExecution, insertFinishedExecution, insertSkill } from '../../../tests/helpers/rows.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({ withQueue: true });
});
afterAll(() => server.close());

/** Samples by name and labels, as Prometheus reads them. */
async function scrape(token?: string): Promise<Map<string, number>> {
  const { status, text, headers } = await server.send('GET', '/metrics', undefined, token ? { token } : {});
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  const samples = new Map<string, number>();
  for (const line of text.trim().split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const match = /^([a-zA-Z_:][\w:]*(?:\{.*\})?) (\S+)$/.exec(line);
    expect(match, line).not.toBeNull();
    samples.set(match?.[1] ?? '', Number(match?.[2]));
  }
  return samples;
}

describe('/metrics', () => {
  it('is for who may watch or read, and nobody else', async () => {
    expect((await server.send('GET', '/metrics', undefined, { token: null })).status).toBe(401);
    const without = await server.token('run', 'write', 'admin', 'connections:approve');
    expect((await server.send('GET', '/metrics', undefined, { token: without })).status).toBe(403);
    await scrape(await server.token('read'));
    const watcher = await server.token('metrics');
    await scrape(watcher);
    expect((await server.send('GET', '/api/v1/executions', undefined, { token: watcher })).status).toBe(403);
  });

  it('counts what ended since the start, once each, whoever ended it', async () => {
    const name = 'alfred_executions_total{status="succeeded",trigger="manual",mode="live"}';
    const before = (await scrape()).get(name) ?? 0;
    await insertFinishedExecution(server.db, { inputTokens: 100n, outputTokens: 20n, durationMs: 1500 });
    await insertFinishedExecution(server.db, {
      status: 'failed',
      errorCode: 'E_COST_CAP_DAY',
      costUsd: null,
    });
    await insertFinishedExecution(server.db, { status: 'failed', errorCode: 'mystery', mode: 'rehearsal' });
    const after = await scrape();
    expect(after.get(name)).toBe(before + 1);
    expect(after.get('alfred_execution_errors_total{code="E_COST_CAP_DAY"}')).toBe(1);
    expect(after.get('alfred_execution_errors_total{code="other"}')).toBe(1);
    expect(after.get('alfred_tokens_total{class="input"}')).toBe(100);
    expect(after.get('alfred_cost_usd_total')).toBeCloseTo(0.012345, 9);
    expect(after.get('alfred_unpriced_executions_total')).toBe(1);
    expect(after.get('alfred_execution_duration_seconds_bucket{le="2.5",trigger="manual",mode="live"}')).toBe(
      2,
    );
    // Looked at again, nothing is counted again; a late commit is.
    await insertFinishedExecution(server.db, { completedAt: new Date(Date.now() - 30) });
    const third = await scrape();
    expect(third.get(name)).toBe(before + 2);
    expect((await scrape()).get(name)).toBe(before + 2);
  });

  it('says how the VM stands: queue, schedules, connections, spending, process', async () => {
    await insertExecution(server.db);
    await insertSkill(server.db, {
      triggerType: 'schedule',
      triggerConfig: { cron: '0 7 * * *', timezone: 'UTC', missed: 'skip' },
      nextRunAt: new Date(Date.now() - 600_000),
    });
    await server.db.prisma.connection.create({
      data: {
        id: crypto.randomUUID(),
        name: 'secret-project',
        type: 'mcp_stdio',
        config: {},
        status: 'error',
      },
    });
    await server.send('PUT', '/api/v1/config/max_cost_per_day_usd', { value: '5' });
    await server.send('POST', '/api/v1/stop-all');
    const seen = await scrape();
    expect(seen.get('alfred_executions_open{status="queued"}')).toBe(0);
    expect(seen.get('alfred_schedules_behind')).toBe(1);
    expect(seen.get('alfred_schedule_lag_seconds')).toBeGreaterThanOrEqual(600);
    expect(seen.get('alfred_connections{status="error"}')).toBe(1);
    expect(seen.get('alfred_spend_cap_usd{period="day"}')).toBe(5);
    expect(seen.has('alfred_spend_cap_usd{period="month"}')).toBe(false);
    expect(seen.get('alfred_stopped')).toBe(1);
    expect(seen.get('alfred_database_bytes')).toBeGreaterThan(1e6);
    for (const name of [
      'nodejs_eventloop_lag_p99_seconds',
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
    ]) {
      expect(seen.has(name), name).toBe(true);
    }
    await server.send('DELETE', '/api/v1/stop-all');
    await server.db.prisma.connection.deleteMany();
    const later = await scrape();
    expect(later.get('alfred_stopped')).toBe(0);
    // A status that none has any more does not stay.
    expect(later.has('alfred_connections{status="error"}')).toBe(false);
  });

  it('names nothing that a person chose, and no address that was made up', async () => {
    await insertFinishedExecution(server.db, { skillSlug: 'secret-project', actor: 'token:secret-project' });
    await server.send('GET', '/api/v1/skills/secret-project');
    await server.send('GET', '/secret-project');
    const { text } = await server.send('GET', '/metrics');
    expect(text).toContain('route="/api/v1/skills/:slug",status="404"');
    expect(text).not.toContain('secret-project');
  });
});
