/** The link from the VM's side: its real server and database, a real Core, and every byte between them on record. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rotateSigningKey } from '../../core/keys/rotate-key.ts';
import { openSigner } from '../../core/keys/signer.ts';
import { createTestCore, type TestCore } from '../../tests/helpers/core.ts';
import { createTestServer, type TestServer } from '../../tests/helpers/http.ts';
import { type RecordingProxy, startRecordingProxy } from '../../tests/helpers/recording-proxy.ts';
import { insertExecution, insertFinishedExecution } from '../../tests/helpers/rows.ts';
import { readConfig } from '../config/read-config.ts';
import { type CoreLink, encodeReport, type KeptReport } from '../contract/core.ts';
import { doctorSchema } from '../contract/doctor.ts';
import { writePlain } from '../vault/plain-rows.ts';
import { askBeforeReporting } from './after-restore.ts';
import { checkCoreUrl } from './call-core.ts';
import { followSuccession, thumbprintOf } from './follow-succession.ts';
import { readLink } from './link-state.ts';
import { noteClock } from './note-clock.ts';
import { createReporter } from './reporter.ts';
import { waitAfter } from './send-reports.ts';

let core: TestCore;
let proxy: RecordingProxy;
let vm: TestServer;
beforeAll(async () => {
  core = await createTestCore();
  proxy = await startRecordingProxy(core.url);
  vm = await createTestServer();
});
afterAll(async () => {
  await vm.close();
  await proxy.close();
  await core.close();
});

const canary = 'canary-4b1d';
const finished = (more: object = {}) =>
  insertFinishedExecution(vm.db, {
    skillSlug: `skill-${canary}`,
    input: { text: canary },
    output: canary,
    error: null,
    trace: [{ text: canary }],
    ...more,
  });

const shown = async () => (await vm.send('GET', '/api/v1/core')).body as CoreLink;
const report = async () => (await vm.send('POST', '/api/v1/core/report')).body;
const reports = async () =>
  ((await vm.send('GET', '/api/v1/core/reports')).body as { items: KeptReport[] }).items;

/** What Core counts of our VM, over all months. */
async function coreTotals() {
  const { rows } = await core.db.pool.query(
    `SELECT coalesce(sum(executions), 0)::int AS executions, coalesce(sum(duration_ms), 0)::int AS "durationMs",
       coalesce(sum(tokens), 0)::int AS tokens FROM (SELECT * FROM daily_totals UNION ALL
         SELECT vm_id, day, billed_to, executions, duration_ms, tokens FROM entries) AS every WHERE vm_id = $1`,
    [(await shown()).vmId],
  );
  return rows[0];
}

/** The database as it was before the last report. */
async function setBack(): Promise<void> {
  const { id } = await vm.db.prisma.metricReport.findFirstOrThrow({ orderBy: { seq: 'desc' } });
  await vm.db.transaction(async (tx) => {
    await tx.$executeRaw`ALTER TABLE executions DISABLE TRIGGER USER`;
    await tx.$executeRaw`ALTER TABLE metric_reports DISABLE TRIGGER USER`;
    await tx.$executeRaw`
      UPDATE executions SET metric_report_id = NULL, reported_to_core = false WHERE metric_report_id = ${id}::uuid`;
    await tx.$executeRaw`DELETE FROM metric_reports WHERE id = ${id}::uuid`;
    await tx.$executeRaw`ALTER TABLE executions ENABLE TRIGGER USER`;
    await tx.$executeRaw`ALTER TABLE metric_reports ENABLE TRIGGER USER`;
    const { core_counter: counter = 0 } = await readConfig(tx, 'core_counter');
    await writePlain(tx, { core_counter: String(counter - 1) });
  });
}

describe('a VM that stands alone', () => {
  it('reports to nobody, and shows what it would report', async () => {
    expect(await shown()).toMatchObject({ linked: false, url: null, vmId: null });
    expect((await vm.send('POST', '/api/v1/core/report')).status).toBe(409);
    expect((await vm.send('DELETE', '/api/v1/core/link')).status).toBe(409);
    await finished({ durationMs: 700, tokenCount: 7n });
    const { body } = await vm.send('POST', '/api/v1/core/preview');
    expect(body).toMatchObject({
      linked: false,
      isKept: false,
      body: expect.stringContaining('"executions":1,"durationMs":700,"tokens":7}'),
    });
    expect(await reports()).toEqual([]);
  });

  it.each([
    'http://core.example.org',
    'ftp://127.0.0.1',
    'https://me:secret@core.example.org',
    'https://core.example.org/?vm=mara',
    'http://127.0.0.1.example.org',
    'no address',
  ])('takes no Core at %s', (url) => {
    expect(() => checkCoreUrl(url)).toThrow(/address of Core/);
  });
});

describe('enrolment', () => {
  it('asks again with the same hash when the answer was lost, and gets the same id', async () => {
    const enrollmentToken = await core.enrolmentToken(undefined, 'the house');
    proxy.loseAnswers(true);
    const link = { url: proxy.url, enrollmentToken };
    expect(await vm.send('POST', '/api/v1/core/link', link)).toMatchObject({
      status: 502,
      body: { code: 'E_CORE_UNREACHABLE' },
    });
    proxy.loseAnswers(false);
    expect(await core.db.prisma.vm.count()).toBe(1);
    const answer = await vm.send('POST', '/api/v1/core/link', link);
    expect(answer.status).toBe(201);
    expect(await core.db.prisma.vm.count()).toBe(1);
    expect(answer.body).toMatchObject({
      linked: true,
      url: proxy.url,
      issuer: core.url,
      keyFingerprint: core.signer.kid,
      tokenScopes: ['status', 'start'],
    });
    expect((await vm.send('POST', '/api/v1/core/link', link)).status).toBe(409);
  });

  it('cannot be changed by hand', async () => {
    for (const key of ['core_url', 'core_issuer', 'core_vm_id']) {
      expect((await vm.send('PUT', `/api/v1/config/${key}`, { value: 'x' })).status).toBe(403);
    }
  });
});

describe('a report', () => {
  it('is the bytes that the preview showed, though runs end meanwhile', async () => {
    const preview = (await vm.send('POST', '/api/v1/core/preview')).body as {
      body: string;
      path: string;
      headers: Record<string, string>;
    };
    await finished({ durationMs: 300, tokenCount: 3n });
    expect(((await vm.send('POST', '/api/v1/core/preview')).body as { body: string }).body).toBe(
      preview.body,
    );
    expect(await report()).toEqual({ sent: 2, waiting: 0, lastError: null });

    const request = proxy
      .sent()
      .split(/(?=POST \/)/)
      .find((text) => text.includes(preview.body));
    const [head = '', body] = (request ?? '').split('\r\n\r\n');
    expect(body).toBe(preview.body);
    const [line, ...headers] = head.split('\r\n');
    expect(line).toBe(`POST ${preview.path} HTTP/1.1`);
    // No fourth field, and no hidden header.
    expect(headers.map((header) => header.split(':')[0]).sort()).toEqual(Object.keys(preview.headers).sort());
    for (const [name, value] of Object.entries(preview.headers)) {
      if (name !== 'authorization') expect(headers).toContain(`${name}: ${value}`);
    }
    expect(await coreTotals()).toEqual({ executions: 2, durationMs: 1000, tokens: 10 });
    expect((await shown()).reported).toEqual({ executions: 2, durationMs: 1000, tokens: 10 });
  });

  it('counts every live execution that ended, and no rehearsal, replay or running one', async () => {
    const before = await coreTotals();
    await finished({ status: 'failed', errorCode: 'E_MODEL_FAILED', tokenCount: 5n, durationMs: 5 });
    await finished({ status: 'cancelled', tokenCount: 0n, durationMs: 0 });
    await finished({ mode: 'rehearsal' });
    await finished({ mode: 'replay' });
    await insertExecution(vm.db);
    await report();
    expect(await coreTotals()).toEqual({
      executions: before.executions + 2,
      durationMs: before.durationMs + 5,
      tokens: before.tokens + 5,
    });
    const unreported = await vm.db.prisma.execution.count({
      where: { mode: 'live', completedAt: { not: null }, reportedToCore: false },
    });
    expect(unreported).toBe(0);
    expect(await report()).toEqual({ sent: 0, waiting: 0, lastError: null });
  });

  it('asks Core after a restore what it has, and tells it the rest', async () => {
    await finished();
    await report();
    const before = await coreTotals();
    const [last] = await reports();
    const told = new Date(Date.parse(JSON.parse(last?.body ?? '').periodEnd) - 1);
    // In a database that was set back: one that Core was told of since, and one that ended behind that.
    await finished({ completedAt: told, createdAt: told, startedAt: told });
    await finished({ durationMs: 3, tokenCount: 2n });
    expect(await vm.db.transaction((tx) => askBeforeReporting(tx))).toBe(2);
    expect((await vm.send('POST', '/api/v1/core/preview')).body).toMatchObject({ isKept: false });
    expect(await report()).toEqual({ sent: 1, waiting: 0, lastError: null });
    expect(await coreTotals()).toEqual({
      executions: before.executions + 1,
      durationMs: before.durationMs + 3,
      tokens: before.tokens + 2,
    });
    const audit = await vm.send('GET', '/api/v1/audit?action=core.reconciled');
    expect(audit.body).toMatchObject({ items: [{ data: { countedAsReported: 1 } }] });
    expect(await report()).toEqual({ sent: 0, waiting: 0, lastError: null });
  });

  it('is refused by Core when the database was set back, or copied: both say so until a person reconciles', async () => {
    await finished({ durationMs: 5, tokenCount: 5n });
    await report();
    const before = await coreTotals();
    await setBack();
    expect(await vm.send('POST', '/api/v1/core/report')).toMatchObject({
      status: 409,
      body: { code: 'E_COPIED', remedy: expect.stringContaining('core reconcile') },
    });
    const { vmId, copiedAt } = await shown();
    expect(copiedAt).not.toBeNull();
    expect((await core.send('GET', `/v1/fleet?q=${vmId}`)).body).toMatchObject({
      items: [{ state: 'copied' }],
    });
    const doctor = (await vm.send('GET', '/api/v1/doctor')).body as {
      checks: { id: string; state: string }[];
    };
    expect(doctor.checks.find(({ id }) => id === 'core')).toMatchObject({ state: 'bad' });
    // What ends meanwhile waits; nothing more is sent.
    const sent = proxy.sent().length;
    await finished({ durationMs: 7, tokenCount: 7n });
    expect((await vm.send('POST', '/api/v1/core/report')).status).toBe(409);
    expect(proxy.sent().length).toBe(sent);

    expect((await vm.send('POST', '/api/v1/core/reconcile')).body).toEqual({
      countedAsReported: 1,
      toReport: 1,
    });
    expect((await vm.send('POST', '/api/v1/core/reconcile')).status).toBe(409);
    expect(await report()).toEqual({ sent: 1, waiting: 0, lastError: null });
    expect(await coreTotals()).toEqual({
      executions: before.executions + 1,
      durationMs: before.durationMs + 7,
      tokens: before.tokens + 7,
    });
    expect((await shown()).copiedAt).toBeNull();
  });

  it('is sent again when Core’s own database was set back; the start finds it', async () => {
    await finished({ tokenCount: 9n });
    await report();
    const before = await coreTotals();
    const { vmId } = await shown();
    // As a backup of Core's from before that report has it.
    await core.db.pool.query('ALTER TABLE metric_reports DISABLE TRIGGER USER');
    await core.db.pool.query(
      'DELETE FROM metric_reports WHERE vm_id = $1 AND report_id = (SELECT report_id FROM metric_reports WHERE vm_id = $1 ORDER BY report_id DESC LIMIT 1)',
      [vmId],
    );
    await core.db.pool.query('ALTER TABLE metric_reports ENABLE TRIGGER USER');
    await core.db.pool.query(
      'UPDATE vms SET last_counter = last_counter - 1, counted_reports = counted_reports - 1 WHERE id = $1',
      [vmId],
    );
    await core.db.pool.query(
      'UPDATE daily_totals SET tokens = tokens - 9, executions = executions - 1, duration_ms = duration_ms - 1200 WHERE vm_id = $1',
      [vmId],
    );
    const log = { warn() {}, info() {} } as never;
    const started = createReporter({ db: vm.db, vault: vm.vault, log, settings: { core: undefined } });
    await started.reportNow();
    expect((await coreTotals()).tokens).toBe(before.tokens);
  });

  it('of three zeros goes out once a day when nothing ran', async () => {
    expect(await report()).toMatchObject({ sent: 0 });
    await vm.db.pool.query(`UPDATE metric_reports SET created_at = created_at - interval '25 hours'`);
    const before = await coreTotals();
    expect(await report()).toMatchObject({ sent: 1 });
    expect(await report()).toMatchObject({ sent: 0 });
    const [last] = await reports();
    expect(JSON.parse(last?.body ?? '')).toMatchObject({ executions: 0, durationMs: 0, tokens: 0 });
    expect(await coreTotals()).toEqual(before);
  });

  it('ends now, though a clock that was ahead says that runs ended in a time to come', async () => {
    const ahead = new Date(Date.now() + 40 * 86_400_000);
    await finished({ completedAt: ahead, createdAt: ahead, startedAt: ahead });
    expect(await report()).toMatchObject({ sent: 1 });
    const [last] = await reports();
    expect(Date.parse(JSON.parse(last?.body ?? '').periodEnd)).toBeLessThanOrEqual(Date.now());
  });

  it.each([
    [40, 'behind'],
    [-40, 'ahead of'],
  ])(
    'is answered with Core’s time: %i days off it the VM’s doctor says so, until it is right',
    async (days, words) => {
      const { reportId } = JSON.parse((await reports())[0]?.body ?? '') as { reportId: string };
      const answer = (off: number) =>
        noteClock(vm.db, { reportId, receivedAt: new Date(Date.now() + off * 86_400_000).toISOString() });
      const check = async () => {
        const { checks } = doctorSchema.parse((await vm.send('GET', '/api/v1/doctor')).body);
        return checks.find(({ id }) => id === 'core');
      };
      await answer(days);
      expect(await check()).toMatchObject({
        state: 'warn',
        message: expect.stringMatching(`clock is 40 d ${words} Core's`),
      });
      await answer(0);
      expect(await check()).toMatchObject({ state: 'good' });
    },
  );

  it('counts a purged execution, and puts each month into a report of its own', async () => {
    const [september, october] = [new Date('2026-09-30T23:59:59.999Z'), new Date('2026-10-01T00:00:00Z')];
    for (const completedAt of [september, october]) {
      await finished({
        completedAt,
        createdAt: completedAt,
        startedAt: completedAt,
        durationMs: 1,
        tokenCount: 1n,
      });
    }
    await vm.db.pool.query(
      'UPDATE executions SET input = NULL, output = NULL, trace = NULL, purged_at = now() WHERE completed_at = $1',
      [september],
    );
    await report();
    const { body } = await core.send('GET', '/v1/billing?from=2026-09&to=2026-10');
    // From before the enrolment: billed with no month.
    expect((body as { apart: object[] }).apart).toMatchObject([
      { month: '2026-09', executions: 1, tokens: 1 },
      { month: '2026-10', executions: 1, tokens: 1 },
    ]);
  });

  it('is counted once when the answer is lost, and waits with more and more patience', async () => {
    const before = await coreTotals();
    await finished({ tokenCount: 100n, durationMs: 1 });
    proxy.loseAnswers(true);
    expect(await report()).toMatchObject({
      sent: 0,
      waiting: 1,
      lastError: expect.stringMatching(/does not answer/),
    });
    const [waiting] = await vm.db.prisma.metricReport.findMany({ where: { acknowledgedAt: null } });
    expect(waiting?.nextAttemptAt.getTime()).toBeGreaterThan(Date.now() + 20_000);
    proxy.loseAnswers(false);
    expect(await report()).toMatchObject({ sent: 1, waiting: 0 });
    expect((await coreTotals()).tokens).toBe(before.tokens + 100);
    const waits = Array.from({ length: 40 }, (_, attempt) => waitAfter(attempt + 1, 0));
    expect(waits.slice(0, 3)).toEqual([30_000, 60_000, 120_000]);
    expect(waits.at(-1)).toBe(6 * 3_600_000);
  });

  it('is made once by any number at once', async () => {
    const before = await coreTotals();
    for (let each = 0; each < 20; each++) await finished({ tokenCount: 1n, durationMs: 1 });
    const log = { warn() {}, info() {} } as never;
    const others = [1, 2, 3].map(() =>
      createReporter({ db: vm.db, vault: vm.vault, log, settings: { core: undefined } }),
    );
    await Promise.all([...others.map((other) => other.reportNow()), report()]);
    expect((await coreTotals()).executions).toBe(before.executions + 20);
    expect(
      await vm.db.prisma.metricReport.count({ where: { acknowledgedAt: null, abandonedAt: null } }),
    ).toBe(0);
  });

  it('cannot be built with any other field, nor be kept, nor change', async () => {
    const [kept] = await reports();
    const good = JSON.parse(kept?.body ?? '') as Parameters<typeof encodeReport>[0];
    expect(encodeReport(good)).toBe(kept?.body);
    for (const more of [{ cost: 1 }, { tokens: 'many' }, { tokens: 0.5 }, { reportId: canary }]) {
      expect(() => encodeReport({ ...good, ...more } as never)).toThrow();
    }
    const { id } = await vm.db.prisma.metricReport.findFirstOrThrow();
    const body = JSON.stringify({ ...good, reportId: id, note: canary });
    for (const work of [
      () => vm.db.prisma.metricReport.update({ where: { id }, data: { body } }),
      () => vm.db.prisma.metricReport.delete({ where: { id } }),
      () => vm.db.pool.query("INSERT INTO metric_reports (id, body) VALUES (gen_random_uuid(), '{}')"),
      () => vm.db.pool.query('UPDATE executions SET metric_report_id = NULL WHERE reported_to_core'),
      () => vm.db.pool.query('UPDATE executions SET reported_to_core = false WHERE reported_to_core'),
    ]) {
      await expect(work()).rejects.toThrow();
    }
  });

  it('tells nothing but ids, times and three integers', async () => {
    expect(proxy.sent()).not.toContain(canary);
    for (const { body } of await reports()) {
      expect(Object.keys(JSON.parse(body) as object)).toEqual([
        'reportId',
        'periodStart',
        'periodEnd',
        'executions',
        'durationMs',
        'tokens',
      ]);
    }
    expect(proxy.sent()).not.toMatch(/^(user-agent|accept|traceparent|x-)/im);
  });
});

describe("Core's next key", () => {
  it('is followed when the pinned one signed for it, over two steps, and not otherwise', async () => {
    const link = await readLink(vm.db.prisma);
    if (!link) throw new Error('not linked');
    await rotateSigningKey(core.home);
    await rotateSigningKey(core.home);
    const next = await openSigner(core.home);
    // As a Core that was started anew.
    Object.assign(core.signer, next);
    await followSuccession({ db: vm.db }, link);
    expect((await shown()).keyFingerprint).toBe(next.kid);

    const [statement = ''] = next.succession.slice(-1);
    const forged = `${statement.slice(0, -8)}AAAAAAAA`;
    Object.assign(core.signer, { succession: [forged] });
    const before = {
      ...link,
      publicKey: [...next.publicKeys.values()][1]?.export({ type: 'spki', format: 'pem' }) as string,
    };
    await expect(followSuccession({ db: vm.db }, before)).rejects.toThrow(/did not sign/);
    expect(await thumbprintOf((await readLink(vm.db.prisma))?.publicKey ?? '')).toBe(next.kid);
    Object.assign(core.signer, { succession: next.succession });
    await finished({ tokenCount: 1n });
    expect(await report()).toMatchObject({ sent: 1, waiting: 0 });
  });
});

describe('unlinking', () => {
  it('ends it: no key, no id, another secret, and what waited is never sent', async () => {
    const secret = () => vm.db.prisma.config.findUniqueOrThrow({ where: { key: 'vm_auth_secret' } });
    const before = await secret();
    await finished({ tokenCount: 1n });
    await vm.send('POST', '/api/v1/core/preview');
    expect((await vm.send('DELETE', '/api/v1/core/link')).body).toEqual({ abandonedReports: 1 });
    expect(await shown()).toMatchObject({ linked: false, vmId: null, keyFingerprint: null });
    expect((await secret()).value).not.toBe(before.value);
    const sent = proxy.sent().length;
    expect((await vm.send('POST', '/api/v1/core/report')).status).toBe(409);
    expect(proxy.sent().length).toBe(sent);
  });
});

describe('a Core that hangs', () => {
  it('does not keep the VM from ending', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const log = { warn() {}, info() {} } as never;
    const core = { url: `http://127.0.0.1:${port}`, enrollmentToken: `enrol_${'a'.repeat(43)}` };
    const reporter = createReporter({ db: vm.db, vault: vm.vault, log, settings: { core } });
    const asked = once(silent, 'connection');
    reporter.start();
    await asked;
    await reporter.stop();
    silent.close();
    silent.unref();
  }, 15_000);
});
