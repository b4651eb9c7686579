/**
 * How many signed webhooks a second a whole VM accepts durably (row, steps, event, audit and job committed before the 202),
 * while the runs that they start follow at their own pace; beside two bare limits on the same PostgreSQL, in turns:
 * Fastify with one INSERT in a transaction of its own, and pg-boss sending one job. The load comes from this process, on the
 * same cores.
 *
 *   node bench/webhook-intake.ts [seconds a round] [rounds] [connections]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { fastify } from 'fastify';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { startEmbeddedPostgres } from '../src/database/embedded.ts';
import { createLogger } from '../src/kernel/log.ts';
import { startTestVm } from '../tests/helpers/vm.ts';
import { cpuOf, cpuOfChildren, memoryOf } from './process-cpu.ts';
import { addIntakeSkill, load, type Round, signed } from './webhook-load.ts';

/** CPU time used, in milliseconds: the server's process, and PostgreSQL's. */
type Cpu = { server: number; postgres: number };
type Shown = Record<'bare queue' | 'bare http' | 'alfred', number[]>;

/** The least that a durable intake over HTTP can be. */
async function serveBareHttp(database: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: database, max: 10 });
  await pool.query(
    'CREATE TABLE IF NOT EXISTS bare (id uuid PRIMARY KEY, body jsonb, at timestamptz DEFAULT now())',
  );
  const app = fastify();
  app.post('/', async (incoming, reply) => {
    const id = crypto.randomUUID();
    await pool.query('INSERT INTO bare (id, body) VALUES ($1, $2)', [id, JSON.stringify(incoming.body)]);
    return reply.code(202).send({ id });
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  process.send?.({ port: (app.server.address() as AddressInfo).port });
}

/** Sends one job after the other, `connections` at a time, for as many seconds as it is told to. */
async function serveBareQueue(database: string): Promise<void> {
  const boss = new PgBoss({ connectionString: database, schema: 'bare_queue', max: 10 });
  await boss.start();
  await boss.createQueue('bare', { notify: true });
  process.on('message', async ({ seconds, connections }: { seconds: number; connections: number }) => {
    const end = performance.now() + seconds * 1000;
    let sent = 0;
    await Promise.all(
      Array.from({ length: connections }, async () => {
        while (performance.now() < end) {
          await boss.send('bare', { n: sent });
          sent++;
        }
      }),
    );
    process.send?.({ perSecond: sent / seconds });
  });
  process.send?.({ port: 0 });
}

async function compare(): Promise<void> {
  const [seconds = 8, rounds = 3, connections = 50] = process.argv.slice(2).map(Number);
  const home = await mkdtemp(path.join(tmpdir(), 'alfred-bench-'));
  const log = createLogger({ level: 'error', format: 'json', redact: (line) => line });
  const postgres = await startEmbeddedPostgres({ home, log });
  const pool = new pg.Pool({ connectionString: postgres.url, max: 2 });
  const vm = await startTestVm({ env: { DATABASE_URL: postgres.url, ALFRED_SPARE_AGENTS: '1' } });
  const children: ChildProcess[] = [];
  const postmasterFile = await readFile(path.join(postgres.dataDir, 'postmaster.pid'), 'utf8');
  const postmaster = Number(postmasterFile.split('\n')[0]);
  try {
    await addIntakeSkill(vm);
    const bareHttp = await startBare('--bare-http', postgres.url, children);
    const bareQueue = await startBare('--bare-queue', postgres.url, children);
    const shown: Shown = { 'bare queue': [], 'bare http': [], alfred: [] };
    let accepted = 0;
    for (let round = 0; round < rounds; round++) {
      bareQueue.started.send({ seconds: Math.min(seconds, 4), connections });
      const [{ perSecond }] = (await once(bareQueue.started, 'message')) as [{ perSecond: number }];
      shown['bare queue'].push(perSecond);
      const bareUrl = `http://127.0.0.1:${bareHttp.port}/`;
      const http = await counted([bareHttp.started.pid ?? 0, postmaster], () =>
        load(bareUrl, seconds, connections, () => ({})),
      );
      shown['bare http'].push(http.accepted / http.seconds);
      const full = await counted([vm.pid, postmaster], () =>
        load(`${vm.url}/hooks/intake`, seconds, connections, signed),
      );
      accepted += full.accepted;
      shown.alfred.push(full.accepted / full.seconds);
      const { rows } = await pool.query<{ ended: number }>(
        `SELECT count(*)::int AS ended FROM executions WHERE completed_at IS NOT NULL`,
      );
      console.log(
        `round ${round + 1}: queue alone ${perSecond.toFixed(0)}/s, Fastify and INSERT ${told(http)}, Alfred ${told(full)}, ${memoryOf(vm.pid).toFixed(0)} MiB; runs ended so far ${rows[0]?.ended}`,
      );
    }
    summarize(shown);
    if (!(await isAllKept(pool, accepted))) process.exitCode = 1;
  } finally {
    for (const started of children) {
      if (started.exitCode === null && started.kill()) await once(started, 'exit');
    }
    await vm.stop();
    await pool.end();
    await postgres.stop();
    await rm(home, { recursive: true, force: true });
  }
}

/** This program once more, as one of the bare limits; whoever ends `children` ends it. */
async function startBare(kind: string, database: string, children: ChildProcess[]) {
  const started = fork(import.meta.filename, [kind, database]);
  children.push(started);
  const [{ port }] = (await once(started, 'message')) as [{ port: number }];
  return { started, port };
}

/** @param processes the server's and PostgreSQL's first */
async function counted(
  [server, postmaster]: [number, number],
  work: () => Promise<Round>,
): Promise<Round & { cpu: Cpu }> {
  const before = { server: cpuOf(server), postgres: cpuOfChildren(postmaster) };
  const round = await work();
  return {
    ...round,
    cpu: { server: cpuOf(server) - before.server, postgres: cpuOfChildren(postmaster) - before.postgres },
  };
}

function summarize(shown: Shown): void {
  const ratio = median(shown.alfred) / median(shown['bare http']);
  console.log(
    `\n${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}; median of ${shown.alfred.length}: Alfred ${median(shown.alfred).toFixed(0)}/s, Fastify and INSERT ${median(shown['bare http']).toFixed(0)}/s, pg-boss ${median(shown['bare queue']).toFixed(0)}/s; Alfred/Fastify ${ratio.toFixed(2)}`,
  );
}

/** Whether every webhook that was answered with 202 is an execution. */
async function isAllKept(pool: pg.Pool, accepted: number): Promise<boolean> {
  const { rows } = await pool.query<{ executions: number; jobs: number }>(
    `SELECT (SELECT count(*)::int FROM executions WHERE skill_slug = 'intake') AS executions,
      (SELECT count(*)::int FROM executions e JOIN pgboss.job j ON j.id = e.id WHERE e.skill_slug = 'intake') AS jobs`,
  );
  console.log(`answered with 202: ${accepted}; rows ${rows[0]?.executions}, jobs ${rows[0]?.jobs}`);
  return rows[0]?.executions === accepted;
}

function told({ accepted, refused, seconds, ms, cpu }: Round & { cpu: Cpu }): string {
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)]?.toFixed(0);
  return `${(accepted / seconds).toFixed(0)}/s (p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, CPU each: server ${(cpu.server / accepted).toFixed(2)} ms, PostgreSQL ${(cpu.postgres / accepted).toFixed(2)} ms${refused > 0 ? `, ${refused} refused` : ''})`;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const [role, url] = process.argv.slice(2);
if (role === '--bare-http' && url) await serveBareHttp(url);
else if (role === '--bare-queue' && url) await serveBareQueue(url);
else await compare();
