/**
 * Core as a service: two processes over one PostgreSQL behind a proxy, one of which is killed while VMs report; and what the
 * operator does on the machine: look over the record, back it up, restore it elsewhere.
 */
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { hash } from 'bcryptjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readCoreBackupState } from '../../core/backup/backup-state.ts';
import { makeIfDue } from '../../core/backup/scheduled-backups.ts';
import { openCoreDatabase } from '../../core/database.ts';
import { readCoreSettings } from '../../core/settings.ts';
import { reportIdOf } from '../../src/contract/core.ts';
import type { Fleet } from '../../src/contract/fleet.ts';
import { sha256 } from '../../src/kernel/hash.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { basicOf } from '../helpers/core.ts';
import { type CorePlace, type CoreProcess, runCoreCli, startCoreProcess } from '../helpers/core-process.ts';
import { createTestCoreDatabase, type TestCoreDatabase } from '../helpers/database.ts';
import { freePort } from '../helpers/free-port.ts';
import { startTestStore, testStoreKey } from '../helpers/s3-store.ts';

let db: TestCoreDatabase;
let folder: string;
let places: [CorePlace, CorePlace];
const cores: CoreProcess[] = [];
let proxy: Server;
let url: string;
let turn = 0;

beforeAll(async () => {
  db = await createTestCoreDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'alfred-cores-'));
  const ports = [await freePort(), await freePort()] as const;
  // One connection to each in turn; where one is down, the other.
  proxy = createServer((client) => {
    const first = turn++;
    const attempt = (tries: number) => {
      const upstream = connect(ports[(first + tries) % 2] ?? 0, '127.0.0.1');
      upstream.once('error', () => (tries === 0 && !client.destroyed ? attempt(1) : client.destroy()));
      upstream.once('connect', () => {
        client.pipe(upstream).pipe(client);
        upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
      });
      client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    };
    attempt(0);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const placeOf = (name: string, port: number): CorePlace => ({
    home: path.join(folder, name),
    port,
    databaseUrl: db.url,
    env: { CORE_PUBLIC_URL: url },
  });
  places = [placeOf('one', ports[0]), placeOf('two', ports[1])];
  cores.push(await startCoreProcess(places[0]));
  await cp(path.join(places[0].home, 'keys'), path.join(places[1].home, 'keys'), { recursive: true });
  await cp(path.join(places[0].home, 'admin-token'), path.join(places[1].home, 'admin-token'));
  cores.push(await startCoreProcess(places[1]));
});

afterAll(async () => {
  for (const core of cores) if (core.child.exitCode === null) await core.kill();
  proxy?.close();
  await db?.drop();
  await rm(folder, { recursive: true, force: true });
});

async function ask(method: string, route: string, body?: unknown, authorization?: string): Promise<Response> {
  const token =
    authorization ?? `Bearer ${(await readFile(path.join(places[0].home, 'admin-token'), 'utf8')).trim()}`;
  return await fetch(new URL(route, url), {
    method,
    headers: {
      authorization: token,
      connection: 'close',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

type Vm = { id: string; bearer: string; executions: number };

async function enrol(number: number): Promise<Vm> {
  const { token } = (await (await ask('POST', '/v1/enrollments', {})).json()) as { token: string };
  const secret = `secret of ${number}`;
  const enrolled = await ask('POST', '/v1/vms', {
    enrollmentToken: token,
    authSecretHash: await hash(secret, 8),
  });
  const { vmId } = (await enrolled.json()) as { vmId: string };
  const proof = await ask('POST', `/v1/vms/${vmId}/token`, undefined, basicOf(vmId, secret));
  return { id: vmId, bearer: `Bearer ${((await proof.json()) as { token: string }).token}`, executions: 0 };
}

/** As a VM does: the same bytes again until somebody says that they are there. */
async function report(vm: Vm, counter: number): Promise<void> {
  const at = new Date().toISOString();
  const executions = (counter % 7) + 1;
  const reportId = reportIdOf(counter, sha256(`${vm.id} ${counter}`).toString('hex'));
  const body = { reportId, periodStart: at, periodEnd: at, executions, durationMs: counter, tokens: 3 };
  for (;;) {
    const status = await ask('POST', `/v1/vms/${vm.id}/metrics`, body, vm.bearer).then(
      async (answer) => {
        await answer.text();
        return answer.status;
      },
      () => 0, // cut off: whether it was stored nobody knows
    );
    if (status === 200 || status === 201) break;
    if (status !== 0 && status < 500) throw new Error(`a report was refused with ${status}`);
  }
  vm.executions += executions;
}

it('loses no report and counts none twice while one of two processes is killed again and again', async () => {
  const vms = await Promise.all([1, 2, 3, 4, 5, 6].map(enrol));
  let isDone = false;
  const reporting = Promise.all(
    vms.map(async (vm) => {
      for (let counter = 1; counter <= 40; counter++) await report(vm, counter);
    }),
  ).finally(() => {
    isDone = true;
  });
  let kills = 0;
  const [place] = places;
  while (!isDone || kills < 2) {
    await cores[0]?.kill();
    kills += 1;
    cores[0] = await startCoreProcess(place);
  }
  await reporting;
  expect(kills).toBeGreaterThan(1);
  const { rows } = await db.pool.query(
    'SELECT vm_id AS id, sum(executions)::int AS executions, sum(tokens)::int AS tokens FROM daily_totals GROUP BY vm_id',
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const { id, executions } of vms) expect(byId.get(id)).toMatchObject({ executions, tokens: 120 });
  const fleet = (await (await ask('GET', '/v1/fleet')).json()) as { items: { missingReports: number }[] };
  expect(fleet.items.map(({ missingReports }) => missingReports)).toEqual(vms.map(() => 0));
});

it('shows its operator what is to be seen to, and that nobody changed the record', async () => {
  const [place] = places;
  const alerts = await runCoreCli(place, ['alert', 'list']);
  expect(alerts).toMatchObject({ code: 0 });
  expect(alerts.out).toContain('nothing to see to');
  const tested = await runCoreCli(place, ['alert', 'test', '--json']);
  expect([tested.code, tested.out]).toEqual([4, expect.stringContaining('"E_CONFLICT"')]);
  const verified = await runCoreCli(place, ['audit', 'verify', '--json']);
  expect(verified.code).toBe(0);
  const { head, acts } = JSON.parse(verified.out) as { head: string; acts: number };
  expect(acts).toBeGreaterThan(6);
  const list = await runCoreCli(place, ['audit', 'list']);
  expect(list.out).toMatch(/VM [0-9a-f]{8} +enrolled/);
  expect(list.out).toMatch(/admin-token +made an enrolment token/);
  const again = await runCoreCli(place, ['audit', 'verify', '--head', head]);
  expect([again.code, again.out]).toEqual([0, expect.stringContaining('that head is in it')]);
  const other = await runCoreCli(place, ['audit', 'verify', '--head', 'f'.repeat(64)]);
  expect([other.code, other.out]).toEqual([1, expect.stringContaining('cut off, or made anew')]);
});

it('lets its operator see to VMs and bills in a terminal', async () => {
  const [place] = places;
  const run = async (...args: string[]) => {
    const { code, out, err } = await runCoreCli(place, args);
    expect(code, err).toBe(0);
    return out;
  };
  const [vm, other] = (JSON.parse(await run('vm', 'list', '--json')) as Fleet).items;
  if (!vm || !other) throw new Error('there are six');
  await run('user', 'invite', 'mara', '--customer-number', 'K-104');
  await run('vm', 'rename', vm.vmId, 'Bern');
  expect(await run('vm', 'hand-over', 'bern', other.vmId.slice(-8), '--to', 'mara')).toContain('mara’s from');
  expect(await run('vm', 'suspend', 'Bern')).toContain('Bern: suspended');
  expect(await run('vm', 'list', '--state', 'attention', '--find', 'K-104')).toMatch(
    /^Bern +[0-9a-f]{8} +mara · K-104 +suspended /m,
  );
  const shown = await run('vm', 'show', 'Bern');
  expect(shown).toMatch(/^customer +mara · K-104$/m);
  expect(shown).toMatch(new RegExp(`^${new Date().toISOString().slice(0, 7)} .* 120 +█+$`, 'm'));
  // It is still billed to whoever had it when it reported.
  const corrected = ['bill', 'correct', 'Bern', '--tokens=-20', '--note', 'outage'];
  expect(await run(...corrected)).toContain('Bern: billed with');
  expect(await run('bill', 'show')).toMatch(/^nobody +6 +\d+ .* 700$/m);
  const month = new Date().toISOString().slice(0, 7);
  const csv = await run('bill', 'export', month);
  expect(csv).toContain('"Bern","correction",0,0,-20\r\n');
  const early = await runCoreCli(place, ['bill', 'close', month, '--yes']);
  expect([early.code, early.err]).toEqual([4, expect.stringContaining('is not over yet')]);
  expect(await run('enrolment', 'create', '--replaces', 'Bern')).toMatch(/^enrol_[\w-]{43}$/m);
  expect(await run('enrolment', 'list')).toMatch(/^Bern /m);
  const retired = await runCoreCli(place, ['vm', 'retire', 'Bern']);
  expect([retired.code, retired.err]).toEqual([4, expect.stringContaining('--yes')]);
  const token = (await run('token', 'create', 'prometheus', '--role', 'metrics')).trim();
  expect((await ask('GET', '/metrics', undefined, `Bearer ${token}`)).status).toBe(200);
});

it('lets its operator invite people, give them another link, and end their access', async () => {
  const [place] = places;
  const run = async (...args: string[]) => {
    const { code, out, err } = await runCoreCli(place, ['user', ...args]);
    expect(code, err).toBe(0);
    return out;
  };
  const invited = await run('invite', 'ben', '--role', 'support');
  const again = await run('reset', 'ben');
  const codeOf = (text: string) => /#link=(link_[\w-]{43})$/m.exec(text)?.[1];
  expect(codeOf(again)).not.toBe(codeOf(invited));
  expect(await run('list')).toMatch(/^ben +support +0 +invited$/m);
  const follow = (code: string | undefined) =>
    fetch(new URL('/v1/session/link', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ code, password: 'a password of their own' }),
    });
  expect((await follow(codeOf(invited))).status).toBe(401);
  const signedIn = await follow(codeOf(again));
  expect(signedIn.status).toBe(204);
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const fleet = () =>
    fetch(new URL('/v1/fleet', url), { headers: { cookie, 'sec-fetch-site': 'same-origin' } });
  expect((await fleet()).status).toBe(200);
  expect(await run('suspend', 'ben')).toContain('ben is out');
  expect((await fleet()).status).toBe(401);
  const wrong = await runCoreCli(place, ['user', 'invite', 'x', '--role', 'king']);
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('operator, billing, support')]);
});

it('is backed up by schedule into a store, keeps so many of them, and says what is missing', async () => {
  const [place] = places;
  const store = await startTestStore('cores');
  const secretFile = path.join(folder, 'store-secret');
  await writeFile(secretFile, `${testStoreKey.secretKey}\n`, { mode: 0o600 });
  const identity = await generateX25519Identity();
  const env = {
    ...place.env,
    CORE_BACKUP_SCHEDULE: '@daily',
    CORE_BACKUP_RECIPIENTS: await identityToRecipient(identity),
    CORE_BACKUP_TO: 's3://cores/alfred',
    CORE_BACKUP_KEEP: '1',
    CORE_BACKUP_S3_ENDPOINT: store.endpoint,
    CORE_BACKUP_S3_REGION: testStoreKey.region,
    CORE_BACKUP_S3_KEY_ID: testStoreKey.keyId,
    CORE_BACKUP_S3_SECRET_FILE: secretFile,
  };
  const { backups } = readCoreSettings({ CORE_HOME: place.home, ...env });
  const core = await openCoreDatabase(db.url, 4);
  try {
    const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
    const deps = { db: core, home: place.home, backups, log };
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
    expect(await makeIfDue(deps, undefined, inDays(2))).toMatch(/^s3:\/\/cores\/alfred\/alfred-[0-9a-f]{8}-/);
    expect(await makeIfDue(deps, undefined, new Date())).toBeUndefined();
    await makeIfDue(deps, undefined, inDays(3));
    expect(store.objects.size).toBe(1);
    expect(await readCoreBackupState(core, backups, inDays(0.5))).toMatchObject({
      failure: null,
      to: 's3://cores/alfred',
    });
    expect(await readCoreBackupState(core, backups, inDays(4))).toMatchObject({ isOverdue: true });
  } finally {
    await core.close();
  }
  const [name = ''] = store.objects.keys();
  const identityFile = path.join(folder, 'identity');
  await writeFile(identityFile, `${identity}\n`, { mode: 0o600 });
  const own = { ...place, env };
  expect((await runCoreCli(own, ['backup', 'list'])).out).toContain(`s3://cores/${name}`);
  const verify = ['backup', 'verify', `s3://cores/${name}`, '--identity', identityFile];
  const verified = await runCoreCli(own, verify);
  expect([verified.code, verified.out], verified.err).toEqual([
    0,
    expect.stringContaining('can be restored'),
  ]);
  const status = await runCoreCli(own, ['backup', 'status', '--json']);
  expect(JSON.parse(status.out)).toMatchObject({ last: { file: path.basename(name) } });
  const wrong = await runCoreCli({ ...place, env: { ...env, CORE_BACKUP_RECIPIENTS: '' } }, [
    'backup',
    'list',
  ]);
  expect([wrong.code, wrong.err]).toEqual([
    expect.any(Number),
    expect.stringContaining('CORE_BACKUP_RECIPIENTS'),
  ]);
  await store.close();
});

it('is backed up while it runs, and goes on elsewhere: with its keys, its bills, and nobody signed in', async () => {
  const [place] = places;
  const file = path.join(folder, 'core.age');
  const passphrase = 'four words are enough';
  const made = await runCoreCli(place, ['backup', 'create', '--to', file, '--passphrase-stdin'], passphrase);
  expect(made).toMatchObject({ code: 0 });
  const elsewhere: CorePlace = { home: path.join(folder, 'elsewhere'), port: await freePort() };
  const verified = await runCoreCli(
    elsewhere,
    ['backup', 'verify', file, '--passphrase-stdin', '--json'],
    passphrase,
  );
  expect(verified.code, verified.err).toBe(0);
  expect(JSON.parse(verified.out)).toMatchObject({
    ok: true,
    vms: 6,
    reports: 240,
    key: true,
    audit: { ok: true },
  });
  const wrong = await runCoreCli(
    elsewhere,
    ['backup', 'verify', file, '--passphrase-stdin'],
    'four other words',
  );
  expect(wrong.code).not.toBe(0);
  const restored = await runCoreCli(elsewhere, ['backup', 'restore', file, '--passphrase-stdin'], passphrase);
  expect(restored.code, restored.err).toBe(0);
  const core = await startCoreProcess(elsewhere);
  cores.push(core);
  const keysOf = async (base: string) => await (await fetch(new URL('/.well-known/jwks.json', base))).json();
  expect(await keysOf(`http://127.0.0.1:${elsewhere.port}`)).toEqual(await keysOf(url));
  const acts = await runCoreCli(elsewhere, ['audit', 'list', '--json']);
  expect(acts.out).toContain('backup.restored');
  expect((await runCoreCli(elsewhere, ['audit', 'verify'])).code).toBe(0);
  const month = new Date().toISOString().slice(0, 7);
  const token = (await readFile(path.join(elsewhere.home, 'admin-token'), 'utf8')).trim();
  const billed = async (base: string, bearer: string) => {
    const answer = await fetch(new URL(`/v1/billing?from=${month}`, base), {
      headers: { authorization: `Bearer ${bearer}` },
    });
    return ((await answer.json()) as { items: unknown[] }).items;
  };
  const own = (await readFile(path.join(place.home, 'admin-token'), 'utf8')).trim();
  expect(await billed(`http://127.0.0.1:${elsewhere.port}`, token)).toEqual(await billed(url, own));
  // The token of the Core that was backed up is ended there: the new home has one of its own.
  const old = await fetch(`http://127.0.0.1:${elsewhere.port}/v1/fleet`, {
    headers: { authorization: `Bearer ${own}` },
  });
  expect(old.status).toBe(401);
});
