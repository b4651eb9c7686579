/**
 * A provider's fleet: two Core processes over one PostgreSQL, each VM's reports by either of them in turn, as behind a proxy. Months of
 * history are there before. Then VMs report, in turns with a bare Fastify that does one INSERT: first to two processes that stay; then,
 * where it is asked for, one of the two or both are killed at random while they report, and started again with the bare one, before
 * each turn. Ends with every VM's totals held against what it sent.
 *   node bench/core-fleet.ts [VMs, 1000] [months of history, 36] [reports, 20000] [kills, 0]
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fastify } from 'fastify';
import pg from 'pg';
import { Pool } from 'undici';
import { startEmbeddedPostgres } from '../src/database/embedded.ts';
import { readPostmasterPid } from '../src/database/leftover.ts';
import { createLogger } from '../src/kernel/log.ts';
import { compare, fill, issuer } from './fleet-data.ts';
import { type Cpu, Load, type Send, Timing, type Vm, width } from './fleet-load.ts';
import { cpuOf, cpuOfChildren, memoryOf } from './process-cpu.ts';

const [first, ...rest] = process.argv.slice(2);
const program = path.join(import.meta.dirname, '../bin/alfred.js');
const json = { 'content-type': 'application/json' };
/** Turns of Core and the bare one while nothing is killed. */
const quietTurns = 10;

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
    const postmaster = Number(await readPostmasterPid(postgres.dataDir));
    await run(plan, { url: postgres.url, postmaster, homes, cores: servers, bare });
  } finally {
    for (const { child, pool } of servers) {
      await pool.destroy();
      child.kill('SIGKILL');
    }
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Place = { url: string; postmaster: number; homes: string[]; cores: Server[]; bare: Server };

async function run(plan: Plan, { url, postmaster, homes, cores, bare }: Place): Promise<void> {
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
  const toCore = new Load(vms, sendingTo(cores, vms));
  const toBare = new Load(
    vms.map((vm) => ({ ...vm })),
    async (body) => {
      const answer = await bare.pool.request({ method: 'POST', path: '/', headers: json, body });
      await answer.body.dump();
      return answer.statusCode === 200;
    },
  );
  const share = Math.ceil(plan.reports / (quietTurns + plan.kills));
  const window = async (load: Load, timing: Timing, servers: readonly Server[]) => {
    const cpu = (): Cpu => ({
      servers: servers.reduce((sum, { child }) => sum + cpuOf(child.pid ?? 0), 0),
      postgres: cpuOfChildren(postmaster),
    });
    const before = cpu();
    await load.run((begun) => begun >= share, timing);
    timing.addCpu(before, cpu());
  };
  const turn = async (core: Timing, plain: Timing) => {
    await window(toCore, core, cores.slice(0, 2));
    await window(toBare, plain, [bare]);
  };
  // Both are warm before anything is measured.
  await turn(new Timing(), new Timing());
  const [still, beside] = [new Timing(), new Timing()];
  for (let n = 0; n < quietTurns; n++) await turn(still, beside);
  print('two processes that stay', still, beside);
  showMemory(cores);

  const [during, between, besideBetween] = [new Timing(), new Timing(), new Timing()];
  let killed = 0;
  while (killed < plan.kills) {
    // One of the two, or both: then nobody takes anything for a while.
    const first = Math.random() < 0.5 ? 0 : 1;
    const these = killed + 1 < plan.kills && Math.random() < 0.5 ? [first, 1 - first] : [first];
    let isBack = false;
    const restarted = Promise.all(these.map((which) => killOne(which, homes, url, cores))).finally(
      () => (isBack = true),
    );
    await Promise.all([toCore.run(() => isBack, during), restarted]);
    // Code that has just been loaded is slow: the bare one begins anew as well.
    Object.assign(bare, await restart(bare, () => startServer('--bare', url)));
    killed += these.length;
    await turn(between, besideBetween);
  }
  if (plan.kills > 0) {
    print(`between ${killed} kills at random`, between, besideBetween);
    console.log(`while some were dead or starting: ${during}`);
    showMemory(cores);
  }
  await readBack(cores[0], homes[0] ?? '');
  await compare(db, vms);
  await db.end();
}

/** To either in turn, each VM from an address of its own. */
function sendingTo(cores: readonly Server[], vms: readonly Vm[]): Send {
  const addresses = new Map(vms.map(({ id }, n) => [id, `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`]));
  let turn = 0;
  return async (report, vm) => {
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
  };
}

async function killOne(which: number, homes: readonly string[], url: string, cores: Server[]): Promise<void> {
  await sleep(Math.random() * 500);
  const before = cores[which];
  if (before) cores[which] = await restart(before, () => startCore(homes[which] ?? '', url));
}

async function restart(before: Server, start: () => Promise<Server>): Promise<Server> {
  const gone = once(before.child, 'exit');
  before.child.kill('SIGKILL');
  await gone;
  const server = await start();
  await before.pool.destroy();
  return server;
}

function print(what: string, core: Timing, plain: Timing): void {
  console.log(`${what}: ${core}\n  a bare Fastify and INSERT, in turns with it: ${plain}`);
  console.log(`  ${(core.rate / plain.rate).toFixed(2)} of the bare one`);
  for (const [whose, { cpu }] of Object.entries({ Core: core, bare: plain })) {
    const figures = `${cpu.servers.toFixed(2)} ms and PostgreSQL ${cpu.postgres.toFixed(2)}`;
    console.log(`  processor time of a report, ${whose}: ${figures}`);
  }
}

function showMemory(cores: readonly Server[]): void {
  const held = cores.slice(0, 2).map(({ child }) => memoryOf(child.pid ?? 0).toFixed(0));
  console.log(`memory of the two: ${held.join(', ')} MiB`);
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
