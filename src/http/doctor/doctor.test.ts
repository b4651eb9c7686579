import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../../../tests/helpers/http.ts';
import { insertExecution, insertFinishedExecution, insertSkill } from '../../../tests/helpers/rows.ts';
import { doctorSchema } from '../../contract/doctor.ts';
import { newId } from '../../kernel/ids.ts';
import { listAllRows } from '../../vault/plain-rows.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({ withQueue: true });
});
afterAll(() => server.close());
beforeEach(async () => {
  await server.db.pool.query(
    `DELETE FROM config WHERE key IN ('stopped', 'core_url', 'max_cost_per_month_usd')`,
  );
  await listAllRows(server.db.prisma);
  await server.db.pool.query('UPDATE skills SET is_active = false');
  await server.db.pool.query('DELETE FROM connections');
  await server.db.pool.query('DELETE FROM audit_inbox');
  await server.db.pool.query('DELETE FROM pgboss.job');
});

const look = async () => doctorSchema.parse((await server.send('GET', '/api/v1/doctor')).body);
const finding = async (id: string) => (await look()).checks.find((check) => check.id === id);
const query = (sql: string, values: unknown[] = []) => server.db.pool.query(sql, values);

it('finds a VM in order, every check with its stable id, and changes nothing', async () => {
  const everything = async () => {
    const tables = await query(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'access_tokens' ORDER BY 1`,
    );
    const contents: unknown[] = [];
    for (const { name } of tables.rows) {
      contents.push(
        (await query(`SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM ${name} t`)).rows[0],
      );
    }
    return contents;
  };
  const before = await everything();
  const { ok, checks } = await look();
  expect(ok).toBe(true);
  // How fast the database answers is a matter of what else the machine does just now.
  const about = checks.filter(({ id }) => id !== 'database-load');
  expect(about.filter(({ state }) => state !== 'good')).toEqual([]);
  // docs/operations.md has the table.
  expect(checks.map(({ id }) => id)).toEqual([
    'database-load',
    'open-files',
    'clock',
    'queue',
    'schedules',
    'triggers',
    'connections',
    'budget',
    'stopped',
    'copies',
    'core',
    'audit',
    'backups',
    'sign-in',
  ]);
  expect(await everything()).toEqual(before);
});

describe('it is told, with what to do,', () => {
  it('that nobody takes what waits', async () => {
    await query(
      `INSERT INTO pgboss.job (name, start_after, created_on) SELECT 'execution.run', now() - interval '5 minutes', now()`,
    );
    expect(await finding('queue')).toMatchObject({
      state: 'bad',
      message: '1 run waiting, the oldest for 5 min, and nothing takes them',
      remedy: expect.stringContaining('restart'),
    });
    const { id } = await insertExecution(server.db, { status: 'running' });
    expect(await finding('queue')).toMatchObject({ state: 'good' });
    await query(`UPDATE pgboss.job SET start_after = now() - interval '20 minutes'`);
    expect(await finding('queue')).toMatchObject({
      state: 'warn',
      remedy: expect.stringContaining('worker'),
    });
    await query(`UPDATE executions SET status = 'failed', completed_at = now() WHERE id = $1`, [id]);
  });

  it('that a schedule is behind', async () => {
    const triggerConfig = { cron: '0 7 * * *', timezone: 'UTC', missed: 'skip' };
    const nextRunAt = new Date(Date.now() - 600_000);
    await insertSkill(server.db, { triggerType: 'schedule', triggerConfig, nextRunAt });
    expect(await finding('schedules')).toMatchObject({
      state: 'bad',
      message: expect.stringContaining('10 min ago'),
    });
    await server.send('POST', '/api/v1/stop-all');
    expect(await finding('schedules')).toMatchObject({ state: 'warn', remedy: 'npx alfred go-on' });
    expect(await finding('stopped')).toMatchObject({
      state: 'warn',
      message: expect.stringMatching(/by token:\S+ at /),
    });
  });

  it('that a skill which nobody watches fails each time', async () => {
    const { id: skillId } = await insertSkill(server.db, { slug: 'nightly', triggerType: 'webhook' });
    for (const minute of [1, 2]) {
      const createdAt = new Date(Date.now() - minute * 60_000);
      await insertFinishedExecution(server.db, {
        skillId,
        createdAt,
        status: 'failed',
        errorCode: 'E_MODEL_AUTH',
      });
    }
    expect(await finding('triggers')).toMatchObject({ state: 'good' });
    await insertFinishedExecution(server.db, { skillId, status: 'failed', errorCode: 'E_MODEL_AUTH' });
    expect(await finding('triggers')).toMatchObject({
      state: 'bad',
      message: 'the last 3 runs failed of nightly (E_MODEL_AUTH)',
      remedy: expect.stringContaining('--skill nightly'),
    });
    await insertFinishedExecution(server.db, { skillId });
    expect(await finding('triggers')).toMatchObject({ state: 'good' });
  });

  it('that a connection is in trouble: bad when an active skill needs it', async () => {
    const id = newId();
    await server.db.prisma.connection.create({
      data: { id, name: 'mail', type: 'mcp_stdio', config: {}, status: 'needs_login' },
    });
    expect(await finding('connections')).toMatchObject({
      state: 'warn',
      message: '1 connection to be signed in: mail',
      remedy: 'sign in again: npx alfred connection show mail',
    });
    await insertSkill(server.db, { connectionNames: ['mail'] });
    expect(await finding('connections')).toMatchObject({ state: 'bad' });
  });

  it('that a cap is nearly used up, or is', async () => {
    await query(`INSERT INTO config (key, value) VALUES ('max_cost_per_month_usd', 'plain:10')`);
    await listAllRows(server.db.prisma);
    // Where it counts, whatever month it is by the time it is looked at.
    const spend = (usd: number) =>
      query(
        `INSERT INTO spend_totals (scope, bucket, usd) VALUES ('vm', '2999-01-01T00:00:00Z', $1)
         ON CONFLICT (scope, bucket) DO UPDATE SET usd = EXCLUDED.usd`,
        [usd],
      );
    await spend(7.9);
    expect(await finding('budget')).toMatchObject({
      state: 'good',
      message: 'this month: $7.90 of $10.00 is spent',
    });
    await spend(8.5);
    expect(await finding('budget')).toMatchObject({
      state: 'warn',
      remedy: expect.stringMatching(/anew 1 .*max_cost_per_month/),
    });
    await spend(9.95);
    expect(await finding('budget')).toMatchObject({ state: 'bad' });
    expect((await look()).ok).toBe(false);
  });

  it('that Core has acknowledged nothing for long', async () => {
    await query(`INSERT INTO config (key, value) VALUES ('core_url', 'plain:https://core.example')`);
    await listAllRows(server.db.prisma);
    expect(await finding('core')).toMatchObject({
      state: 'good',
      message: 'https://core.example, nothing was reported yet',
    });
    const unanswered = (age: string, error = 'ECONNREFUSED') => {
      const id = newId();
      const period = '"periodStart":"2026-01-01T00:00:00.000Z","periodEnd":"2026-01-01T01:00:00.000Z"';
      const body = `{"reportId":"${id}",${period},"executions":1,"durationMs":1,"tokens":1}`;
      return query(
        `INSERT INTO metric_reports (id, seq, body, created_at, last_error) VALUES ($1, (SELECT count(*) + 1 FROM metric_reports), $2, now() - $3::interval, $4)`,
        [id, body, age, error],
      );
    };
    // What waiting does not mend is said at once.
    await unanswered('1 minute', 'Core refused: This VM is retired at Core');
    expect(await finding('core')).toMatchObject({
      state: 'warn',
      message: 'https://core.example does not take 1 report: Core refused: This VM is retired at Core',
    });
    await query('UPDATE metric_reports SET abandoned_at = now()');
    await unanswered('3 hours');
    expect(await finding('core')).toMatchObject({
      state: 'warn',
      message: 'https://core.example has not acknowledged 1 report, the oldest for 3 h: ECONNREFUSED',
    });
    await unanswered('3 days');
    expect(await finding('core')).toMatchObject({ state: 'bad' });
  });

  it('that a backup is overdue, or the last try failed: bad after three days', async () => {
    await server.send('PUT', '/api/v1/config/backup_schedule', { value: '0 * * * *' });
    const act = (action: string, ago: string, data: object) =>
      query(
        `INSERT INTO audit_inbox (id, at, actor, action, data) VALUES ($1, now() - $2::interval, 'system', $3, $4)`,
        [newId(), ago, action, data],
      );
    expect(await finding('backups')).toMatchObject({ state: 'good' });
    await act('backup.created', '5 days', { file: 'a.age', bytes: 1 });
    expect(await finding('backups')).toMatchObject({
      state: 'bad',
      message: expect.stringMatching(/^overdue for .*; the last backup was made 5 d ago$/),
      remedy: expect.stringContaining('npx alfred backup create'),
    });
    await act('backup.created', '5 hours', { file: 'b.age', bytes: 1 });
    await act('backup.failed', '1 hour', { why: 'the disk is full' });
    expect(await finding('backups')).toMatchObject({
      state: 'warn',
      message: expect.stringContaining('the last backup was made 5 h ago: the disk is full'),
    });
    await act('backup.created', '0', { file: 'c.age', bytes: 1 });
    expect(await finding('backups')).toMatchObject({ state: 'good' });
    await server.send('DELETE', '/api/v1/config/backup_schedule');
  });

  it('that acts on record are not chained', async () => {
    await query(
      `INSERT INTO audit_inbox (id, at, actor, action, data) VALUES ($1, now() - interval '10 minutes', 'owner', 'token.created', '{}')`,
      [newId()],
    );
    expect(await finding('audit')).toMatchObject({
      state: 'bad',
      message: expect.stringContaining('for 10 min'),
    });
  });

  it('that the clock was set back', async () => {
    const { id } = await insertExecution(server.db, { createdAt: new Date(Date.now() + 3_600_000) });
    expect(await finding('clock')).toMatchObject({
      state: 'bad',
      message: expect.stringContaining('set back'),
    });
    // One that was seen, and is put right by now.
    await query(`INSERT INTO clock (at, uptime_ms, jumped_at, jumped_ms) VALUES (now(), 1, now(), -7200000)`);
    expect(await finding('clock')).toMatchObject({
      state: 'warn',
      message: expect.stringMatching(/^the clock jumped 2 h back \(\d{4}-/),
    });
    await query('DELETE FROM clock');
    await query(`UPDATE executions SET created_at = now() WHERE id = $1`, [id]);
  });

  it('that the VM is there twice, or may be', async () => {
    const kind = { kind: 'vm', machine: null, process: '1:1' };
    const ids = [newId(), newId()];
    await server.db.prisma.worker.createMany({ data: ids.map((id) => ({ id, ...kind })) });
    expect(await finding('copies')).toMatchObject({
      state: 'bad',
      message: expect.stringContaining('VMs work on this database'),
    });
    await server.db.prisma.worker.deleteMany({ where: { id: { in: ids } } });
    await query(
      `INSERT INTO audit_inbox (id, actor, action, data) VALUES ($1, 'system', 'vm.moved', '{"from": "/srv/old"}')`,
      [newId()],
    );
    expect(await finding('copies')).toMatchObject({
      state: 'warn',
      message: expect.stringContaining('moved or copied from /srv/old'),
    });
    await query('DELETE FROM audit_inbox');
    expect(await finding('copies')).toMatchObject({ state: 'good' });
  });

  it('that the clock went ahead, and what is not done by it', async () => {
    await query(
      `INSERT INTO clock (at, uptime_ms, ahead_ms, ahead_since_ms, jumped_at, jumped_ms)
       VALUES (now(), 1, 86400000, 1, now(), 86400000)`,
    );
    expect(await finding('clock')).toMatchObject({
      state: 'warn',
      message: expect.stringMatching(/^the clock jumped 24 h ahead .*; for a day nothing is dropped/),
    });
    await query('DELETE FROM clock');
  });
});
