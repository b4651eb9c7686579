/** One soak: the load, the kills, and the count at the end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { isProcessThere } from '../../src/kernel/process-identity.ts';
import { realServer } from '../helpers/mcp/stdio-link.ts';
import { makeHome, processesOf, startTestVm, type TestVm } from '../helpers/vm.ts';
import { createLoad, setUpSkills } from './load.ts';
import type { Tally } from './tally.ts';
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
    const postgres = Number(
      readFileSync(path.join(this.#home, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0],
    );
    const isApp = target === 'vm' || target === 'everything';
    const isWorker = target === 'worker' || target === 'everything';
    const gone = [
      ...(isApp && this.#vm ? [exitOf(this.#vm.process)] : []),
      ...(isWorker && this.#worker ? [exitOf(this.#worker)] : []),
    ];
    const killedVm = isApp ? this.#vm : undefined;
    if (isApp) this.#vm = undefined;
    if (target === 'postgres' || target === 'everything') process.kill(postgres, 'SIGKILL');
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

async function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** How long claims of dead processes stand: looked at from outside, all the time. */
function watchClaims(home: string): { longest(): number; stop(): Promise<void> } {
  const since = new Map<string, number>();
  let longest = 0;
  let isOver = false;
  const look = async () => {
    const client = await connect(home);
    try {
      const { rows } = await client.query<{ id: string; process: string }>(
        'SELECT DISTINCT w.id, w.process FROM workers w JOIN executions e ON e.claimed_by = w.id',
      );
      const dead = rows.filter((row) => !isProcessThere(row.process)).map(({ id }) => id);
      for (const id of since.keys()) if (!dead.includes(id)) since.delete(id);
      for (const id of dead) {
        since.set(id, since.get(id) ?? Date.now());
        longest = Math.max(longest, Date.now() - (since.get(id) ?? Date.now()));
      }
    } finally {
      await client.end();
    }
  };
  const loop = (async () => {
    while (!isOver) {
      // The database may be the one that was killed: then nothing is seen, and the time goes on.
      await look().catch(() => {});
      await sleep(500);
    }
  })();
  return {
    longest: () => longest,
    async stop() {
      isOver = true;
      await loop;
    },
  };
}

async function connect(home: string): Promise<pg.Client> {
  const { url } = JSON.parse(readFileSync(path.join(home, 'postgres/running.json'), 'utf8')) as {
    url: string;
  };
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  return client;
}

const foldersIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : [];

/** @throws when a part that must not end does */
export async function soak(options: SoakOptions): Promise<Tally> {
  const { kills, seed, say } = options;
  const began = performance.now();
  const home = await makeHome();
  const model = await startWatchedModel();
  const run = new Soak(options, home, model);
  const counts: Tally['kills'] = { vm: 0, worker: 0, postgres: 0, everything: 0 };
  const recoveries: number[] = [];
  const load = createLoad(() => run.vm, options.openAtMost ?? 12);
  let claims: ReturnType<typeof watchClaims> | undefined;
  try {
    const vm = await run.startVm();
    await setUpSkills(vm, realServer('server-everything'));
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
    say(`accepted ${load.accepted.size}; waiting for the last ones`);
    const client = await connect(home);
    const open = async () =>
      (await client.query('SELECT id, status, skill_slug FROM executions WHERE completed_at IS NULL')).rows;
    for (const until = Date.now() + drainMs; (await open()).length > 0 && Date.now() < until; )
      await sleep(500);
    const stuck = (await open()).map(({ id, status }) => `stuck: ${id} is ${status}`);
    const { rows } = await client.query(
      `SELECT id, status, error_code AS code, input ->> 'token' AS token, input -> 'body' ->> 'token' AS delivered FROM executions`,
    );
    const steps = (
      await client.query(
        `SELECT execution_id AS id, step_id AS step, status, attempt, finished_at AS at FROM execution_steps`,
      )
    ).rows;
    const gaps = (
      await client.query(
        `SELECT execution_id AS id FROM execution_events GROUP BY 1
         HAVING max(seq) <> count(*) OR count(*) FILTER (WHERE kind = 'end') > 1`,
      )
    ).rows;
    await client.end();
    await claims.stop();
    await run.stop();

    const failed: Record<string, number> = {};
    for (const { status, code } of rows)
      if (status !== 'succeeded' && code !== 'E_INTERRUPTED' && code !== null)
        failed[code] = (failed[code] ?? 0) + 1;
    const tokens = rows.map(({ token, delivered }) => token ?? delivered);
    const twice = tokens.filter((token, index) => token && tokens.indexOf(token) !== index);
    const tokenOf = new Map(rows.map(({ id, token, delivered }) => [id, token ?? delivered]));
    const rerun = steps
      .filter(({ status }) => status === 'done')
      .flatMap(({ id, step, at }) =>
        model
          .requestsOf(tokenOf.get(id) ?? '', step)
          .filter((time) => time > at.getTime())
          .map(() => `doubled: step ${step} of ${id} was run after it was done`),
      );
    const ids = new Set(rows.map(({ id }) => id));
    const orphaned = [
      ...processesOf(home).map((one) => `orphaned process: ${one}`),
      ...[...foldersIn(path.join(home, 'runs')), ...foldersIn(path.join(home, 'run'))].map(
        (one) => `orphaned: ${one}`,
      ),
    ];
    return {
      seed,
      seconds: (performance.now() - began) / 1000,
      kills: counts,
      accepted: load.accepted.size,
      deliveries: load.deliveries,
      succeeded: rows.filter(({ status }) => status === 'succeeded').length,
      interrupted: rows.filter(({ code }) => code === 'E_INTERRUPTED').length,
      failed,
      retakenSteps: steps.filter(({ attempt }) => attempt > 1).length,
      lost: [...load.accepted].filter((id) => !ids.has(id)).map((id) => `lost: ${id}`),
      doubled: [
        ...rerun,
        ...twice.map((token) => `doubled: two executions of ${token}`),
        ...model.overlaps().map((what) => `doubled: two agents at once on ${what}`),
        ...gaps.map(({ id }) => `doubled: events of ${id} are not whole`),
      ],
      stuck: [
        ...stuck,
        ...(claims.longest() > longestHoldMs
          ? [`stuck: a dead process held a run for ${claims.longest()} ms`]
          : []),
      ],
      orphaned,
      recoveries,
      longestHeld: claims.longest(),
    };
  } finally {
    await load.stop();
    await claims?.stop();
    run.killAll();
    await model.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
