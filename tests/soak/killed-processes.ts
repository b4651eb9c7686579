/** The processes of one soak: started, killed in an order that the seed gives, and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestVm, type TestVm } from '../helpers/vm.ts';
import type { Tally } from './tally.ts';
import type { WatchedModel } from './watched-model.ts';

export type SoakOptions = {
  kills: number;
  /** For how long the VM is stopped (SIGSTOP) when all kills are over, in milliseconds, while the worker goes on. */
  stoppedMs?: number;
  seed: number;
  say: (line: string) => void;
  verbose?: boolean;
  /** Between two kills, in milliseconds. */
  pauseMs?: [number, number];
  /** How many runs are started before some have ended. */
  openAtMost?: number;
};

export type Target = keyof Tally['kills'];

const program = path.resolve(import.meta.dirname, '../../bin/alfred.js');
/** How long the database may take to be back, in milliseconds. */
const postgresBackMs = 60_000;

/** Mulberry32: the same seed kills in the same order. */
export function randomOf(seed: number): () => number {
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
      HOME: home,
      ALFRED_HOME: home,
      LANG: 'C.UTF-8',
      ALFRED_LOG_FORMAT: 'json',
      ALFRED_LOG_LEVEL: 'warn',
      ALFRED_SPARE_AGENTS: '0',
      ALFRED_CONCURRENCY: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  worker.stderr?.setEncoding('utf8').on('data', (text: string) => say(`worker: ${text.trim()}`));
  await Promise.race([once(worker.stdout, 'data'), once(worker, 'exit')]);
  return worker;
}

export class KilledProcesses {
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
        ALFRED_LOG_LEVEL: 'warn',
        ALFRED_SPARE_AGENTS: '0',
        ALFRED_CONCURRENCY: '2',
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

  /** Has the VM hang for so long, as a machine that sleeps; nothing is asked of it meanwhile. */
  async stopFor(ms: number): Promise<void> {
    const vm = this.#vm;
    if (vm === undefined) throw new Error('There is no VM to be stopped');
    this.#options.say(`stop the VM for ${ms / 1000} s`);
    this.#vm = undefined;
    vm.process.kill('SIGSTOP');
    await sleep(ms);
    vm.process.kill('SIGCONT');
    this.#vm = vm;
    await this.pause();
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
  for (const until = Date.now() + postgresBackMs; Date.now() < until; await sleep(100)) {
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
    if (pid > 0 && existsSync(`/proc/${pid}`)) return pid;
  }
  throw new Error('PostgreSQL is not back a minute after it was killed');
}

async function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
