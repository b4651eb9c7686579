/** One soak: the load, the kills, and the count at the end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditVerificationSchema } from '../../src/contract/audit.ts';
import { startCanary } from '../helpers/canary.ts';
import { realServer } from '../helpers/mcp/stdio-link.ts';
import { makeHome, processesOf, startTestVm, type TestVm } from '../helpers/vm.ts';
import { count } from './count.ts';
import { createLoad, setUpSkills } from './load.ts';
import type { Tally } from './tally.ts';
import { type ClaimWatch, connect, watchClaims } from './watch-claims.ts';
import { startWatchedModel, type WatchedModel } from './watched-model.ts';

export type SoakOptions = {
  kills: number;
  seed: number;
  say: (line: string) => void;
  verbose?: boolean;
  /** Between two kills, in milliseconds. */
  pauseMs?: [number, number];
  /** How many runs are started before some have ended. */
  openAtMost?: number;
};

type Target = keyof Tally['kills'];

const program = path.resolve(import.meta.dirname, '../../bin/alfred.js');
/** A run whose process is dead shall not be held longer. */
const longestHoldMs = 60_000;
const drainMs = 180_000;

/** Mulberry32: the same seed kills in the same order. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Starts `alfred worker` on the home of a VM that runs. */
async function startWorker(home: string, say: (line: string) => void): Promise<ChildProcess> {
  const worker = spawn(process.execPath, [program, 'worker', '--json'], {
    env: {
      PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`,
      ...{ HOME: home, ALFRED_HOME: home, LANG: 'C.UTF-8', ALFRED_LOG_FORMAT: 'json' },
      ...{ ALFRED_LOG_LEVEL: 'warn', ALFRED_SPARE_AGENTS: '0', ALFRED_CONCURRENCY: '1' },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  worker.stderr?.setEncoding('utf8').on('data', (text: string) => say(`worker: ${text.trim()}`));
  await Promise.race([once(worker.stdout, 'data'), once(worker, 'exit')]);
  return worker;
}

class Soak {
  readonly #options: SoakOptions;
  readonly #home: string;
  readonly #model: WatchedModel;
  readonly #random: () => number;
  #vm: TestVm | undefined;
  #worker: ChildProcess | undefined;

  constructor(options: SoakOptions, home: string, model: WatchedModel) {
    this.#options = options;
    this.#home = home;
    this.#model = model;
    this.#random = randomOf(options.seed);
  }

  get vm(): TestVm | undefined {
    return this.#vm;
  }

  async startVm(): Promise<TestVm> {
    const vm = await startTestVm({
      home: this.#home,
      env: {
        ANTHROPIC_BASE_URL: this.#model.url,
        ANTHROPIC_API_KEY: 'sk-ant-soak-1f2e3d4c5b6a7988',
        ...{ ALFRED_LOG_LEVEL: 'warn', ALFRED_SPARE_AGENTS: '0', ALFRED_CONCURRENCY: '2' },
      },
    });
    this.#vm = vm;
    return vm;
  }

  /** Starts the worker, again while the database is on its way back. */
  async startWorker(): Promise<void> {
    for (let tries = 0; tries < 20; tries++) {
      const say = this.#options.verbose ? this.#options.say : () => {};
      const worker = await startWorker(this.#home, say);
      if (worker.exitCode === null && worker.signalCode === null) {
        this.#worker = worker;
        return;
      }
      await sleep(1_000);
    }
    throw new Error('The worker does not start');
  }

  pause = () => {
    const [from, to] = this.#options.pauseMs ?? [2_000, 7_000];
    return sleep(from + this.#random() * (to - from));
  };

  async kill(target: Target): Promise<void> {
    const { say } = this.#options;
    say(`kill ${target}`);
    const isDatabase = target === 'postgres' || target === 'everything';
    const postgres = isDatabase ? await postmasterOf(this.#home) : 0;
    const isApp = target === 'vm' || target === 'everything';
    const isWorker = target === 'worker' || target === 'everything';
    const gone = [
      ...(isApp && this.#vm ? [exitOf(this.#vm.process)] : []),
      ...(isWorker && this.#worker ? [exitOf(this.#worker)] : []),
    ];
    const killedVm = isApp ? this.#vm : undefined;
    if (isApp) this.#vm = undefined;
    if (isDatabase) process.kill(postgres, 'SIGKILL');
    killedVm?.process.kill('SIGKILL');
    if (isWorker) this.#worker?.kill('SIGKILL');
    await Promise.all(gone);
    if (this.#options.verbose && killedVm) say(killedVm.stderr());
    if (isApp) await this.startVm();
    if (isWorker) await this.startWorker();
    if (this.#vm && this.#vm.process.exitCode !== null)
      throw new Error(`The VM ended:\n${this.#vm.stderr()}`);
    if (this.#worker && this.#worker.exitCode !== null) throw new Error('The worker ended');
  }

  next(index: number): Target {
    // Each kind once, then as it comes.
    const targets: Target[] = ['vm', 'postgres', 'worker', 'everything'];
    return targets[index < 4 ? index : Math.floor(this.#random() * targets.length)] ?? 'vm';
  }

  async stop(): Promise<void> {
    if (this.#worker && this.#worker.exitCode === null) {
      const exited = exitOf(this.#worker);
      this.#worker.kill('SIGTERM');
      await exited;
    }
    if (this.#vm) {
      if (this.#options.verbose) this.#options.say(this.#vm.stderr());
      const exited = exitOf(this.#vm.process);
      this.#vm.process.kill('SIGTERM');
      await exited;
    }
  }

  killAll(): void {
    this.#worker?.kill('SIGKILL');
    this.#vm?.process.kill('SIGKILL');
  }
}

/** The process of the embedded PostgreSQL, once it is back from the kill before. */
async function postmasterOf(home: string): Promise<number> {
  const file = path.join(home, 'postgres/data/postmaster.pid');
  for (const until = Date.now() + longestHoldMs; Date.now() < until; await sleep(100)) {
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
    if (pid > 0 && existsSync(`/proc/${pid}`)) return pid;
  }
  throw new Error('PostgreSQL is not back a minute after it was killed');
}

async function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** Fire times of the schedule, once it is known to have been there; the minute that runs is not counted. */
function minutesBetween(from: number, to: number): number[] {
  const first = Math.ceil(from / 60_000) * 60_000;
  return Array.from(
    { length: Math.max(0, Math.ceil((to - 5_000 - first) / 60_000)) },
    (_, index) => first + index * 60_000,
  );
}

const foldersIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : [];

/** Nothing but kills happened to the record: whatever the verifier finds is a false alarm. */
async function verifyAudit(vm: TestVm | undefined): Promise<Pick<Tally, 'audited' | 'alarms'>> {
  const answer = await vm?.api('GET', '/api/v1/audit/verify');
  const { events, executions, findings, warnings } = auditVerificationSchema.parse(answer?.body);
  return {
    audited: { events, executions },
    alarms: [...findings.map(({ message }) => message), ...warnings].map((one) => `false alarm: ${one}`),
  };
}

/** @throws when a part that must not end does */
export async function soak(options: SoakOptions): Promise<Tally> {
  const { kills, seed, say } = options;
  const began = performance.now();
  const home = await makeHome();
  const model = await startWatchedModel();
  // Refuses some, so that deliveries are under way when something is killed.
  const notices = await startCanary((_request, response) => {
    response.writeHead(Math.random() < 0.3 ? 503 : 204).end();
  });
  const run = new Soak(options, home, model);
  const counts: Tally['kills'] = { vm: 0, worker: 0, postgres: 0, everything: 0 };
  const recoveries: number[] = [];
  const load = createLoad(() => run.vm, options.openAtMost ?? 12);
  let claims: ClaimWatch | undefined;
  try {
    const vm = await run.startVm();
    await setUpSkills(vm, realServer('server-everything'), notices.url);
    const scheduledFrom = Date.now();
    await run.startWorker();
    claims = watchClaims(home);
    load.start();
    for (let index = 0; index < kills; index++) {
      const target = run.next(index);
      const killedAt = Date.now();
      await run.kill(target);
      counts[target]++;
      recoveries.push((await model.nextRequest(killedAt)) - killedAt);
      await run.pause();
    }
    await load.stop();
    const stoppedAt = Date.now();
    say(`accepted ${load.accepted.size}; waiting for the last ones`);
    const client = await connect(home);
    // Nothing is open any more, and every notice is delivered.
    const openCount = async () => {
      const { rows } = await client.query<{ count: number }>(
        `SELECT (SELECT count(*) FROM executions WHERE completed_at IS NULL)::int
           + (SELECT count(*) FROM pgboss.job WHERE name = 'notice.deliver' AND state < 'completed')::int AS count`,
      );
      return rows[0]?.count ?? 0;
    };
    for (const until = Date.now() + drainMs; (await openCount()) > 0 && Date.now() < until; )
      await sleep(500);
    const told = notices.requests.map(({ body }) => JSON.parse(String(body)).data.id as string);
    const fires = minutesBetween(scheduledFrom, stoppedAt);
    const counted = await count({ client, model, load, notices: told, fires });
    await client.end();
    const audit = await verifyAudit(run.vm);
    await claims.stop();
    await run.stop();
    const held =
      claims.longest() > longestHoldMs ? [`stuck: a dead process held a run for ${claims.longest()} ms`] : [];
    return {
      ...counted,
      seed,
      seconds: (performance.now() - began) / 1000,
      kills: counts,
      stuck: [...counted.stuck, ...held],
      orphaned: [
        ...processesOf(home).map((one) => `orphaned process: ${one}`),
        ...[...foldersIn(path.join(home, 'runs')), ...foldersIn(path.join(home, 'run'))].map(
          (one) => `orphaned: ${one}`,
        ),
      ],
      recoveries,
      longestHeld: claims.longest(),
      ...audit,
    };
  } finally {
    await load.stop();
    await claims?.stop();
    run.killAll();
    await notices.close();
    await model.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
