/**
 * A provider's fleet: two Core processes over one PostgreSQL, each VM's reports by either of them in turn, as behind a proxy. Months of
 * history are there before; then VMs report, and where it is asked for a process is killed at random again and again meanwhile. Ends with
 * every VM's totals held against what it sent. Beside it a bare Fastify with one INSERT, in the same run.
 *   node bench/core-fleet.ts [VMs, 1000] [months of history, 36] [reports, 20000] [kills, 0]
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fastify } from 'fastify';
import pg from 'pg';
import { Pool } from 'undici';
import { openSigner } from '../core/keys/signer.ts';
import { issueBearer } from '../core/registry/tokens.ts';
import { startEmbeddedPostgres } from '../src/database/embedded.ts';
import { createLogger } from '../src/kernel/log.ts';
import { count, load, print, type Timing, type Vm, width } from './fleet-load.ts';

const [first, ...rest] = process.argv.slice(2);
const program = path.join(import.meta.dirname, '../bin/alfred.js');
const issuer = 'http://127.0.0.1:4281';
const json = { 'content-type': 'application/json' };

if (first === '--bare') await serveBare(rest[0] ?? '');
else {
  const [vms = 1000, months = 36, reports = 20_000, kills = 0] = [first, ...rest]
    .filter((text) => text !== undefined)
    .map(Number);
  await measure({ vms, months, reports, kills });
}

/** A child: what any server would do at the least to keep a report. */
async function serveBare(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  await pool.query('CREATE TABLE IF NOT EXISTS bare (id uuid PRIMARY KEY, report jsonb NOT NULL)');
  const app = fastify();
  app.post('/', async (request) => {
    const body = request.body as { reportId: string };
    await pool.query('INSERT INTO bare VALUES ($1, $2)', [body.reportId, body]);
    return {};
  });
  process.send?.(await app.listen({ port: 0 }));
}

type Plan = { vms: number; months: number; reports: number; kills: number };
type Server = { child: ChildProcess; pool: Pool };

async function startServer(...args: string[]): Promise<Server> {
  const child = fork(import.meta.filename, args);
  const [address] = (await once(child, 'message')) as [string];
  return { child, pool: new Pool(address.replace('[::1]', '127.0.0.1'), { connections: width }) };
}

/** A Core as it is run, behind a proxy that says which VM's address it is: limits are for each. */
async function startCore(home: string, url: string): Promise<Server> {
  const child = spawn(process.execPath, [program, 'core', 'serve', '--json'], {
    env: {
      PATH: process.env.PATH,
      HOME: home,
      CORE_HOME: home,
      CORE_PORT: '0',
      CORE_DATABASE_URL: url,
      CORE_PUBLIC_URL: issuer,
      CORE_TRUSTED_PROXY: 'loopback',
      ALFRED_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    text += chunk;
    if (text.includes('}')) break;
  }
  const { address } = JSON.parse(text) as { address: string };
  return { child, pool: new Pool(address, { connections: width }) };
}

async function measure(plan: Plan): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alfred-fleet-'));
  const log = createLogger({ level: 'error', format: 'json', redact: (line) => line });
  const postgres = await startEmbeddedPostgres({ home: folder, log, onProgress: () => {} });
  const homes = [path.join(folder, 'one'), path.join(folder, 'two')];
  const servers: Server[] = [];
  try {
    servers.push(await startCore(homes[0] ?? '', postgres.url));
    for (const name of ['keys', 'admin-token'])
      await cp(path.join(homes[0] ?? '', name), path.join(homes[1] ?? '', name), { recursive: true });
    servers.push(await startCore(homes[1] ?? '', postgres.url));
    const bare = await startServer('--bare', postgres.url);
    servers.push(bare);
    await run(plan, { folder, url: postgres.url, homes, cores: servers, bare });
  } finally {
    for (const { child, pool } of servers) {
      await pool.destroy();
      child.kill('SIGKILL');
    }
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Place = { folder: string; url: string; homes: string[]; cores: Server[]; bare: Server };

async function run(plan: Plan, { url, homes, cores, bare }: Place): Promise<void> {
  const db = new pg.Pool({ connectionString: url, max: 2 });
  // It goes down with its server, where a measurement fails.
  db.on('error', () => {});
  const vms = await fill(db, plan, homes[0] ?? '');
  const { rows } = await db.query(
    'SELECT count(*)::int AS n, pg_database_size(current_database())::float8 AS bytes FROM daily_totals',
  );
  console.log(
    `${plan.vms} VMs with ${plan.months} months of history: ${rows[0].n} days, a database of ${(rows[0].bytes / 1e6).toFixed(0)} MB; ${availableParallelism()} processors`,
  );
  const addresses = new Map(vms.map(({ id }, n) => [id, `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`]));
  const plain = await loadBare(vms, bare, Math.min(2000, plan.reports));

  let turn = 0;
  let isDone = false;
  let killed = 0;
  const killing = killAgainAndAgain();
  const taken = await load(
    vms,
    plan.reports,
    async (report, vm) => {
      const core = cores[turn++ % 2];
      if (!core) return false;
      const answer = await core.pool.request({
        method: 'POST',
        path: `/v1/vms/${vm.id}/metrics`,
        headers: { ...json, authorization: `Bearer ${vm.bearer}`, 'x-forwarded-for': addresses.get(vm.id) },
        body: report,
      });
      const text = await answer.body.text();
      if (answer.statusCode === 200 || answer.statusCode === 201) return true;
      if (answer.statusCode >= 500) return false;
      throw new Error(`a report was refused: ${answer.statusCode} ${text}`);
    },
    count,
  );
  isDone = true;
  await killing;
  print('reports, two processes', taken, `${(taken.rate / plain.rate).toFixed(2)} of the bare one`);
  if (plan.kills > 0) console.log(`killed at random meanwhile: ${killed} times`);
  const held = cores.slice(0, 2).map(({ child }) => (residentBytes(child.pid ?? 0) / 1e6).toFixed(0));
  console.log(`memory of the two: ${held.join(', ')} MB`);
  await readBack(cores[0], homes[0] ?? '');
  await compare(db, vms);
  await db.end();

  async function killAgainAndAgain(): Promise<void> {
    for (; killed < plan.kills && !isDone; killed++) {
      await sleep(200 + Math.random() * 1500);
      const which = Math.random() < 0.5 ? 0 : 1;
      const gone = once(cores[which]?.child ?? process, 'exit');
      cores[which]?.child.kill('SIGKILL');
      await gone;
      const before = cores[which]?.pool;
      const server = await startCore(homes[which] ?? '', url);
      cores[which] = server;
      await before?.destroy();
    }
  }
}

async function loadBare(vms: readonly Vm[], bare: Server, reports: number): Promise<Timing> {
  const send = async (body: string) => {
    const answer = await bare.pool.request({ method: 'POST', path: '/', headers: json, body });
    await answer.body.dump();
    return answer.statusCode === 200;
  };
  const plain = await load(vms, reports, send, () => {});
  print('bare Fastify and INSERT', plain);
  return plain;
}

/** The VMs and their history, straight into the tables: months of reports would take months. */
async function fill(db: pg.Pool, { vms, months }: Plan, home: string): Promise<Vm[]> {
  await db.query(
    `INSERT INTO vms (id, label, auth_secret_hash, created_at, last_report_at)
     SELECT gen_random_uuid(), 'VM ' || n, '$2b$10$' || repeat('a', 53), now() - make_interval(months => $2), now()
     FROM generate_series(1, $1::int) AS n`,
    [vms, months],
  );
  const client = await db.connect();
  // Neither closed months nor keys are looked at for each of millions of rows.
  await client.query('SET session_replication_role = replica');
  await client.query(
    `INSERT INTO daily_totals (vm_id, day, billed_to, executions, duration_ms, tokens)
     SELECT id, day, '00000000-0000-0000-0000-000000000000', 12, 60000, 45000
     FROM vms, generate_series(current_date - make_interval(months => $1), current_date - 2, interval '1 day') AS day`,
    [months],
  );
  await client.query('RESET session_replication_role');
  client.release();
  await db.query('ANALYZE');
  const signer = await openSigner(home);
  const { rows } = await db.query<{ id: string }>('SELECT id FROM vms');
  return await Promise.all(
    rows.map(async ({ id }) => {
      const { token } = await issueBearer({ signer, issuer }, id);
      return { id, bearer: token, counter: 0, executions: 0, tokens: 0 };
    }),
  );
}

async function readBack(core: Server | undefined, home: string): Promise<void> {
  const token = (await readFile(path.join(home, 'admin-token'), 'utf8')).trim();
  const month = new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 7);
  for (const route of [
    '/v1/fleet',
    '/v1/fleet?sort=tokens&order=desc&offset=50',
    `/v1/billing/${month}/export`,
  ]) {
    const start = performance.now();
    const headers = { authorization: `Bearer ${token}` };
    const answer = await core?.pool.request({ method: 'GET', path: route, headers });
    const text = (await answer?.body.text()) ?? '';
    if (answer?.statusCode !== 200) throw new Error(`${route}: ${text}`);
    console.log(
      `${route}: ${(performance.now() - start).toFixed(0)} ms, ${(text.length / 1000).toFixed(0)} kB`,
    );
  }
}

/** @throws Error for a VM of which Core has another total than it sent */
async function compare(db: pg.Pool, vms: readonly Vm[]): Promise<void> {
  const { rows } = await db.query<{ id: string; executions: number; tokens: number; reports: number }>(
    `SELECT vm_id AS id, sum(executions)::float8 AS executions, sum(tokens)::float8 AS tokens FROM daily_totals
     WHERE day >= current_date - 1 GROUP BY vm_id`,
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  const wrong = vms.filter(
    ({ id, executions, tokens }) =>
      (found.get(id)?.executions ?? 0) !== executions || (found.get(id)?.tokens ?? 0) !== tokens,
  );
  if (wrong.length > 0) throw new Error(`of ${wrong.length} VMs Core has another total than they sent`);
  const sent = vms.reduce((sum, { counter }) => sum + counter, 0);
  console.log(`${sent} reports of ${vms.length} VMs, and the totals of every one are what it sent`);
}

/** The memory that a process holds, in bytes: all that is resident, shared libraries too. */
function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes ?? Number.NaN) * 1024;
}
