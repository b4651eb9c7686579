import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestServer, type TestServer } from '../../tests/helpers/http.ts';
import { createAppender } from '../audit/appender.ts';
import { neverPruned } from '../audit/prune-audit.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { verifyAudit } from '../audit/verify/verify-audit.ts';
import { executionSchema, purgedExecutionSchema, runAcceptedSchema } from '../contract/executions.ts';
import { noUsage } from '../contract/usage.ts';
import { Prisma } from '../database/client.ts';
import { sha256 } from '../kernel/hash.ts';
import { newId } from '../kernel/ids.ts';
import { createLogger } from '../kernel/log.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import { appendEvents } from './append-events.ts';
import { finishExecution } from './finish-execution.ts';
import { createRetention } from './retention.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({ withQueue: true });
  const steps = [{ id: 1, prompt: 'Go.' }];
  expect((await server.send('POST', '/api/v1/skills', { slug: 'go', name: 'Go', steps })).status).toBe(201);
});
afterAll(() => server.close());

const canary = 'canary-of-the-payload';

/** One that ran as runs do: with a step, a tool call, events, a trace. */
async function ranOnce(text = canary): Promise<string> {
  const { db } = server;
  const answer = await server.send('POST', '/api/v1/skills/go/run', { input: { text } });
  const { executionId: id } = runAcceptedSchema.parse(answer.body);
  await db.prisma.execution.update({ where: { id }, data: { status: 'running', startedAt: new Date() } });
  const mac = rowGuardOf(db.prisma).sign('execution_steps', { executionId: id, stepId: 1, output: text });
  const status = { status: 'done', output: text, finishedAt: new Date(), mac } as const;
  await db.prisma.executionStep.updateMany({ where: { executionId: id }, data: status });
  await db.prisma.toolCall.create({
    data: {
      id: newId(),
      executionId: id,
      stepId: 1,
      connection: 'files',
      tool: 'read',
      status: 'done',
      arguments: { text },
      argumentsHash: sha256(text),
      result: { text },
      finishedAt: new Date(),
    },
  });
  await db.transaction((tx) => appendEvents(tx, id, [{ kind: 'message', step: 1, data: { text } }]));
  await finishExecution(server, id, { status: 'succeeded', output: text, usage: noUsage() });
  return id;
}

const read = async (id: string) =>
  executionSchema.parse((await server.send('GET', `/api/v1/executions/${id}`)).body);
/** With a checkpoint after so many events; 1,000 when left out. */
const flush = (checkpointEvents?: number) =>
  createAppender({ ...server, log, ...(checkpointEvents === undefined ? {} : { checkpointEvents }) }).flush();
const verify = async (checkpointEvents?: number) => {
  await flush(checkpointEvents);
  return verifyAudit(server);
};
const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
const retention = () => createRetention({ db: server.db, log });
const setConfig = async (key: string, value: string) =>
  expect((await server.send('PUT', `/api/v1/config/${key}`, { value })).status).toBe(200);
const clearConfig = (key: string) => server.send('DELETE', `/api/v1/config/${key}`);

describe('purging one execution', () => {
  it('drops all that it read and said, and keeps its row, hashes and metrics', async () => {
    const id = await ranOnce();
    const before = await server.db.prisma.execution.findUniqueOrThrow({ where: { id } });
    expect(Number(before.payloadBytes)).toBeGreaterThan(canary.length * 6);
    await server.send('PATCH', `/api/v1/executions/${id}/mark`, {
      pinned: true,
      comment: `It says ${canary}.`,
    });
    const answer = await server.send('DELETE', `/api/v1/executions/${id}/payload`);
    const purged = purgedExecutionSchema.parse(answer.body);
    expect(purged).toMatchObject({ executionId: id, freedBytes: Number(before.payloadBytes) });

    const { rows } = await server.db.pool.query(
      `SELECT e::text || coalesce((SELECT string_agg(s::text, '') FROM execution_steps s WHERE execution_id = e.id), '')
         || coalesce((SELECT string_agg(c::text, '') FROM tool_calls c WHERE execution_id = e.id), '')
         || coalesce((SELECT string_agg(v::text, '') FROM all_events v WHERE execution_id = e.id), '')
         || (SELECT m::text FROM execution_marks m WHERE execution_id = e.id) AS all
       FROM executions e WHERE id = $1`,
      [id],
    );
    expect(rows[0].all).toContain(id);
    expect(rows[0].all).not.toContain(canary);
    const after = await server.db.prisma.execution.findUniqueOrThrow({ where: { id } });
    expect(after).toEqual({
      ...before,
      input: null,
      output: null,
      trace: null,
      purgedAt: new Date(purged.purgedAt),
    });
    expect(await read(id)).toMatchObject({
      ...{ output: null, trace: [], purgedAt: purged.purgedAt },
      mark: { pinned: true, comment: null },
    });
    // Nothing comes of it any more: who watches is told so, and does not wait.
    expect((await server.send('GET', `/api/v1/executions/${id}/events`)).status).toBe(204);
    // Nobody finds it by its words any more.
    const found = await server.send('GET', `/api/v1/executions?q=${canary}`);
    expect(JSON.stringify(found.body)).not.toContain(id);

    const again = await server.send('DELETE', `/api/v1/executions/${id}/payload`);
    expect(again.body).toEqual({ executionId: id, purgedAt: purged.purgedAt, freedBytes: 0 });
  });

  it('is refused for one that has not ended, or is not there, or from a token without the right', async () => {
    const answer = await server.send('POST', '/api/v1/skills/go/run', {});
    const { executionId } = runAcceptedSchema.parse(answer.body);
    const purge = (id: string, options = {}) =>
      server.send('DELETE', `/api/v1/executions/${id}/payload`, undefined, options);
    expect((await purge(executionId)).body).toMatchObject({ status: 409, code: 'E_CONFLICT' });
    expect((await purge(newId())).body).toMatchObject({ status: 404 });
    const token = await server.token('read', 'run', 'write');
    expect((await purge(executionId, { token })).status).toBe(403);
  });

  it('is the only change that the database permits to what has ended', async () => {
    const id = await ranOnce();
    const refused = (sql: string) =>
      expect(server.db.pool.query(sql, [id])).rejects.toThrow(/does not change|neither/);
    await refused(
      `UPDATE tool_calls SET arguments = 'null', result = NULL, error = NULL WHERE execution_id = $1`,
    );
    await refused(`UPDATE tool_calls SET result = '{}' WHERE execution_id = $1`);
    await refused('UPDATE execution_steps SET output = NULL WHERE execution_id = $1');
    await refused('DELETE FROM ended_events WHERE execution_id = $1');
    await refused(`UPDATE ended_events SET data = data || '{}'::jsonb WHERE execution_id = $1`);
    await refused('UPDATE executions SET input = NULL WHERE id = $1');
    await refused('UPDATE executions SET payload_bytes = 0 WHERE id = $1');
    await server.send('DELETE', `/api/v1/executions/${id}/payload`);
    await refused(`UPDATE tool_calls SET arguments = '{"other": 1}' WHERE execution_id = $1`);
    await refused(`UPDATE tool_calls SET status = 'failed' WHERE execution_id = $1`);
    await refused(`UPDATE executions SET purged_at = now() WHERE id = $1`);
    await refused(`UPDATE executions SET output = 'forged' WHERE id = $1`);
  });
});

describe('retention', () => {
  it('does nothing unless it is asked to', async () => {
    await ranOnce();
    expect(await retention().tick()).toBe(0);
  });

  it('drops what is too old, by one process at a time', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => ranOnce()));
    await setConfig('retention_days', '30');
    expect(await retention().tick()).toBe(0);
    const later = { now: () => new Date(Date.now() + 31 * 86_400_000) };
    const all = Array.from({ length: 3 }, () => createRetention({ db: server.db, log, clock: later }));
    const counts = await Promise.all(all.map((one) => one.tick()));
    await clearConfig('retention_days');
    expect(counts.filter((count) => count > 0)).toHaveLength(1);
    for (const id of ids) expect((await read(id)).purgedAt).not.toBeNull();
  });

  it('drops nothing by a clock that jumped ahead', async () => {
    const { pool } = server.db;
    const id = await ranOnce();
    await setConfig('retention_days', '1');
    // As if the run had ended two days ago, by a clock of which nobody knows yet whether it is right.
    const move = async (by: string) => {
      await pool.query('ALTER TABLE executions DISABLE TRIGGER USER');
      await pool.query(`UPDATE executions SET completed_at = completed_at + $2::interval WHERE id = $1`, [
        id,
        by,
      ]);
      await pool.query('ALTER TABLE executions ENABLE TRIGGER USER');
    };
    await move('-2 days');
    await pool.query(
      `INSERT INTO clock (at, uptime_ms, ahead_ms, ahead_since_ms) VALUES (now(), 1, 172800000, 1)`,
    );
    expect(await retention().tick()).toBe(0);
    await pool.query('DELETE FROM clock');
    expect(await retention().tick()).toBe(1);
    await move('2 days');
    await clearConfig('retention_days');
  });

  it('keeps no connection that broke while it held the lock, nor the lock', async () => {
    const { db } = server;
    const id = await ranOnce();
    await setConfig('retention_days', '30');
    const clock = { now: () => new Date(Date.now() + 31 * 86_400_000) };
    // What is purged goes on record: it waits behind this.
    const barrier = await db.pool.connect();
    await barrier.query('BEGIN; LOCK TABLE audit_inbox IN EXCLUSIVE MODE');
    const ticking = createRetention({ db, log, clock }).tick();
    const holder = await vi.waitUntil(async () => {
      const { rows } = await db.pool.query<{ pid: number }>(
        `SELECT holder.pid FROM pg_locks holder JOIN pg_locks waiter USING (database)
         WHERE holder.locktype = 'advisory' AND holder.granted AND NOT waiter.granted
           AND waiter.relation = 'audit_inbox'::regclass
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      return rows[0];
    }, 240_000);
    await db.pool.query('SELECT pg_terminate_backend($1)', [holder.pid]);
    await barrier.query('COMMIT');
    barrier.release();
    await ticking.catch(() => {});
    expect((await read(id)).purgedAt).not.toBeNull();
    expect(db.pool.totalCount - db.pool.idleCount).toBe(0);
    const again = await ranOnce();
    expect(await createRetention({ db, log, clock }).tick()).toBe(1);
    await clearConfig('retention_days');
    expect((await read(again)).purgedAt).not.toBeNull();
  });

  it('drops the oldest until the rest takes no more than it may', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 6; index++) ids.push(await ranOnce(`${canary} ${'x'.repeat(5000)}`));
    const { payloadBytes } = await server.db.prisma.execution.findUniqueOrThrow({
      where: { id: ids[0] ?? '' },
    });
    await setConfig('retention_max_bytes', String(Number(payloadBytes) * 2 + 100));
    await retention().tick();
    await clearConfig('retention_max_bytes');
    const isPurged = await Promise.all(ids.map(async (id) => (await read(id)).purgedAt !== null));
    expect(isPurged).toEqual([true, true, true, true, false, false]);
  });

  it('drops the data of old acts, once, and not of younger ones, nor what rows are held against', async () => {
    const { db } = server;
    const act = async (subject: string) => {
      await recordAudit(db.prisma, { action: 'session.closed', actor: 'owner', subject, data: { subject } });
      expect(await verify(1)).toMatchObject({ ok: true });
      await sleep(10);
    };
    const dataOf = async (subject: string) =>
      (await db.prisma.auditEvent.findFirstOrThrow({ where: { subject } })).data;
    const prunings = async () => {
      await flush(1);
      return db.prisma.auditEvent.findMany({ where: { action: 'audit.pruned' }, orderBy: { seq: 'asc' } });
    };
    await ranOnce();
    await act('older');
    const between = Date.now();
    await sleep(10);
    await act('younger');
    const clock = { now: () => new Date(between + 90 * 86_400_000) };
    const all = Array.from({ length: 3 }, () => createRetention({ db, log, clock }));
    const tick = () => Promise.all(all.map((one) => one.tick()));
    await tick();
    expect(await prunings()).toEqual([]);
    expect((await server.send('PUT', '/api/v1/config/audit_retention_days', { value: '0' })).status).toBe(
      422,
    );
    await setConfig('audit_retention_days', '90');
    await tick();
    // Before its own record is chained, too.
    expect(await verifyAudit(server)).toMatchObject({ ok: true, findings: [] });
    expect([await dataOf('older'), await dataOf('younger')]).toEqual([null, { subject: 'younger' }]);
    const [pruning, ...more] = await prunings();
    expect(pruning).toMatchObject({ actor: 'system', data: { upTo: expect.any(Number) } });
    await tick();
    await clearConfig('audit_retention_days');
    expect([...more, ...(await prunings()).slice(1)]).toEqual([]);
    const gone = await db.prisma.auditEvent.findMany({ where: { data: { equals: Prisma.DbNull } } });
    const actions = gone.map(({ action }) => action);
    expect(actions).toContain('session.closed');
    for (const kept of neverPruned) expect(actions).not.toContain(kept);
    expect(await verify()).toMatchObject({ ok: true, findings: [] });
  });

  it('raises no alarm in the audit, and what is dropped without a record does', async () => {
    expect(await verify()).toMatchObject({ ok: true });
    const { rows } = await server.db.pool.query(
      "SELECT DISTINCT data->>'reason' AS reason FROM audit_events WHERE action = 'execution.purged' ORDER BY 1",
    );
    expect(rows.map(({ reason }) => reason)).toEqual(['by age', 'by hand', 'by total bytes']);
    const id = await ranOnce();
    await server.db.pool.query(
      'UPDATE executions SET purged_at = now(), input = NULL, output = NULL, trace = NULL WHERE id = $1',
      [id],
    );
    expect(JSON.stringify(await verify())).toContain(id);
  });
});

describe('an export', () => {
  it('has every execution that fits, whole, a line each', async () => {
    const ids = await Promise.all(
      Array.from({ length: 3 }, (_, index) => ranOnce(`exported number${index}`)),
    );
    const { text, headers } = await server.send('GET', '/api/v1/executions/export?q=exported');
    expect(headers['content-type']).toContain('application/x-ndjson');
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => executionSchema.parse(JSON.parse(line)));
    expect(lines.map(({ id }) => id).sort()).toEqual(ids.sort());
    expect(lines[0]?.trace).toEqual([expect.objectContaining({ text: expect.stringContaining('exported') })]);
    const all = await server.send('GET', '/api/v1/executions/export');
    const count = await server.db.prisma.execution.count();
    expect(all.text.trimEnd().split('\n')).toHaveLength(count);
    expect((await server.send('GET', '/api/v1/executions/export?limit=1')).status).toBe(422);
    expect((await server.send('GET', '/api/v1/executions/export?status=odd')).status).toBe(422);
  });
});
