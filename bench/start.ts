/**
 * A later start of a VM, from `alfred start` to ready, without spare agents: by the clock, by processor time of the program, and its
 * memory a few seconds after (PSS, with PostgreSQL's beside it); in turns with the least that serves: the same PostgreSQL started by a
 * bare Node.js program that listens with Fastify and asks it once.
 *
 *   node bench/start.ts [rounds]      5 when left out
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fastify } from 'fastify';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/database/embedded.ts';
import { createLogger } from '../src/kernel/log.ts';
import { descendantsOf, listProcesses } from '../src/processes/process-list.ts';
import { makePreparedHome, startTestVm } from '../tests/helpers/vm.ts';
import { cpuOf, memoryOf } from './process-cpu.ts';

type Start = { ms: number; cpuMs: number; memory: number; postgres: number };
const settledMs = 3_000;

async function serveBare(home: string): Promise<void> {
  const log = createLogger({ level: 'error', format: 'json', redact: (line) => line });
  const postgres = await startEmbeddedPostgres({ home, log });
  const pool = new pg.Pool({ connectionString: postgres.url, max: 10 });
  await pool.query('SELECT 1');
  const app = fastify();
  app.get('/', async () => 'ready');
  await app.listen({ host: '127.0.0.1', port: 0 });
  process.send?.('ready');
  process.once('message', async () => {
    await app.close();
    await pool.end();
    await postgres.stop();
    process.disconnect();
  });
}

async function startOfBare(home: string): Promise<Start> {
  const began = performance.now();
  const child = fork(import.meta.filename, ['--bare', home]);
  await once(child, 'message');
  const start = await seen(performance.now() - began, child.pid ?? 0, home);
  child.send('stop');
  await once(child, 'exit');
  return start;
}

async function startOfVm(home: string): Promise<Start> {
  const began = performance.now();
  const vm = await startTestVm({ home });
  const start = await seen(performance.now() - began, vm.pid, home);
  await vm.stop({ keepHome: true });
  return start;
}

async function seen(ms: number, pid: number, home: string): Promise<Start> {
  const cpuMs = cpuOf(pid);
  await sleep(settledMs);
  const file = await readFile(path.join(home, 'postgres/data/postmaster.pid'), 'utf8');
  const postmaster = Number(file.split('\n')[0]);
  const servers = [postmaster, ...descendantsOf(postmaster, listProcesses()).map((one) => one.pid)];
  const postgres = servers.reduce((sum, server) => sum + memoryOf(server), 0);
  return { ms, cpuMs, memory: memoryOf(pid), postgres };
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const told = (starts: readonly Start[]): string => {
  const of = (part: keyof Start) => median(starts.map((start) => start[part])).toFixed(0);
  return `ready after ${of('ms')} ms, ${of('cpuMs')} ms of processor time; ${of('memory')} MiB, PostgreSQL ${of('postgres')} MiB`;
};

async function compare(rounds: number): Promise<void> {
  const homes = { vm: await makePreparedHome(), bare: await mkdtemp(path.join(tmpdir(), 'alfred-bench-')) };
  try {
    await startOfVm(homes.vm);
    await startOfBare(homes.bare);
    const [vm, bare]: [Start[], Start[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      vm.push(await startOfVm(homes.vm));
      bare.push(await startOfBare(homes.bare));
    }
    console.log(`medians of ${rounds}, load ${loadavg()[0]?.toFixed(1)}`);
    console.log(`Alfred: ${told(vm)}`);
    console.log(`PostgreSQL and Fastify: ${told(bare)}`);
  } finally {
    for (const home of Object.values(homes)) await rm(home, { recursive: true, force: true });
  }
}

const [first, second] = process.argv.slice(2);
if (first === '--bare' && second) await serveBare(second);
else await compare(Number(first ?? 5));
