/**
 * What there is of an agent outside this process: a program in a folder, an environment and a process group of its own, with
 * a token for the model. All of it ends together.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SpawnedProcess, SpawnOptions } from '@anthropic-ai/claude-agent-sdk';
import { searchPathOf } from '../connections/stdio/server-environment.ts';
import { newId } from '../kernel/ids.ts';
import type { ModelProxy, PreparedToken } from '../model/tickets.ts';
import { homeMark, markOfHome, ownerMark, runMark } from '../processes/marks.ts';
import { runFolderOf } from './run-folders.ts';
import type { AgentSandbox } from './sandbox.ts';

export type AgentProcessDeps = {
  home: string;
  /** The worker that starts it. */
  owner: string;
  proxy: ModelProxy;
  sandbox: AgentSandbox;
  /** What the process may inherit of our environment; of this, its PATH alone. */
  childEnvironment: Record<string, string>;
};

type Wrapping = Awaited<ReturnType<AgentSandbox['wrapping']>>;

/** How long a killed process may take to be gone, in milliseconds. */
const goneMs = 10_000;
/** So much of what the program says to stderr is kept, in characters. */
const saidLength = 4_000;

export class AgentProcess {
  readonly folder: string;
  readonly token: PreparedToken;
  /** Whose it is, where its things are, and how it reaches the model. */
  readonly environment: Record<string, string>;
  readonly #wrap: Wrapping;
  readonly #givesWay: boolean;
  #child: ChildProcess | undefined;
  #startError: Error | undefined;
  #said = '';
  #ending: Promise<void> | undefined;

  private constructor(
    folder: string,
    token: PreparedToken,
    environment: Record<string, string>,
    { wrap, givesWay }: { wrap: Wrapping; givesWay: boolean },
  ) {
    this.folder = folder;
    this.token = token;
    this.environment = environment;
    this.#wrap = wrap;
    this.#givesWay = givesWay;
  }

  /**
   * Makes its folder and its token. Its program is started by `start`.
   *
   * @param given.givesWay what takes work in, and who looks on, go before it
   */
  static async prepare(deps: AgentProcessDeps, { givesWay }: { givesWay: boolean }): Promise<AgentProcess> {
    const id = newId();
    const folder = runFolderOf(deps.home, deps.owner, id);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const wrap = await deps.sandbox.wrapping(folder);
    const token = deps.proxy.prepare();
    const environment = {
      PATH: searchPathOf(deps.childEnvironment),
      HOME: folder,
      CLAUDE_CONFIG_DIR: folder,
      TMPDIR: folder,
      ...token.environment,
      [homeMark]: markOfHome(deps.home),
      [ownerMark]: deps.owner,
      [runMark]: id,
    };
    return new AgentProcess(folder, token, environment, { wrap, givesWay });
  }

  /** Starts the program, as the SDK asks for it. */
  start({ cwd, ...asked }: SpawnOptions): SpawnedProcess {
    const { command, args } = this.#wrap(asked);
    const child = spawn(command, args, {
      cwd,
      env: asked.env,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.once('error', (error) => {
      this.#startError = error;
    });
    // Where no more files can be opened there are no pipes either, and the error is told a moment later.
    if ((child.stderr as typeof child.stderr | undefined) === undefined)
      throw new Error('No process could be started');
    if (this.#givesWay) giveWay(child);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-saidLength);
    });
    this.#child = child;
    return child as unknown as SpawnedProcess;
  }

  /** 0 before it is started. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get isAlive(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The last of what the program has said to stderr. */
  get said(): string {
    return this.#said.trim();
  }

  /** Why no process could be started. */
  get startError(): Error | undefined {
    return this.#startError;
  }

  /** Kills the program with all its group. */
  kill(): void {
    if (this.#child?.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** Waits until the program has ended, or for so long. */
  async exited(withinMs: number): Promise<void> {
    if (!this.#child || !this.isAlive) return;
    await Promise.race([once(this.#child, 'exit'), sleep(withinMs, undefined, { ref: false })]);
  }

  /** Takes its token away, kills it and deletes its folder. Idempotent. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    this.token.discard();
    this.kill();
    await this.exited(goneMs);
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Lets all else go first: ten of `nice`. */
function giveWay({ pid }: ChildProcess): void {
  if (pid === undefined) return; // it could not be started, which the SDK says
  try {
    setPriority(pid, 10);
  } catch (error) {
    // It has ended already; anything else would be ours.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw error;
  }
}
