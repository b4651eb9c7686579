/** Starts a stdio server in its own process group, folder, environment and sandbox, and ends it with all it started. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WallKind } from '../../contract/connections.ts';
import { AlfredError, messageOf } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/log.ts';
import { endProcesses } from '../../processes/end-processes.ts';
import { homeMark, markOfHome, ownerMark, runMark } from '../../processes/marks.ts';
import {
  descendantsOf,
  hasVariable,
  listProcesses,
  type ProcessInfo,
  readProcess,
} from '../../processes/process-list.ts';
import { resolveCommand } from '../../processes/resolve-command.ts';
import { beginInstallation, isPackageManager, packageVariables } from './package-manager.ts';
import type { Sandbox, SandboxMode, Wrapped } from './sandbox.ts';
import { apartFromLoaders, searchPathOf, serverEnvironment } from './server-environment.ts';
import { StderrTail } from './stderr-tail.ts';

/** What to run; secrets stand open in `args` and `env`. */
export type ServerPlan = {
  /** The connection's id: its folder under $ALFRED_HOME/connections. */
  id: string;
  command: string;
  args: string[];
  env: Record<string, string>;
  cwd: string | undefined;
  sandbox: SandboxMode;
  network: boolean;
  paths: string[];
  /** What of the command a person approved word for word (SandboxRequest). */
  words: string[];
};

export type SpawnDeps = {
  home: string;
  sandbox: Sandbox;
  inherited: Record<string, string>;
  /** The worker that it belongs to. */
  owner?: string | undefined;
  log: Logger;
};

type ServerExit = { code: number | null; signal: NodeJS.Signals | null };

export type ServerProcess = {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: StderrTail;
  /** What it runs behind. */
  readonly walls: WallKind;
  /** Undefined while it lives. */
  readonly exit: ServerExit | undefined;
  readonly exited: Promise<ServerExit>;
  /** Closes its input, then asks, then kills: the process, its group, and whatever it started. Idempotent. */
  end(): Promise<void>;
};

/** How long a server may take to leave after its input was closed, and after SIGTERM. */
const closedInputMs = 1_000;
const askedMs = 2_000;

/**
 * Where no core is dumped (it would hold secrets), files are bounded, and the system's memory killer takes the server
 * before the VM or its database. A shell sets this for itself and then becomes the server.
 */
const limits = '{ ulimit -c 0; ulimit -n 4096; echo 500 >/proc/self/oom_score_adj; } 2>/dev/null; exec "$@"';

/** The folder that a server has for itself. */
export const folderOf = (home: string, id: string): string => path.join(home, 'connections', id);

/**
 * @throws AlfredError E_COMMAND_NOT_FOUND, or E_CONNECTION_FAILED when the folder is missing, the sandbox cannot be set
 *   up or the system starts no further process
 */
export async function spawnServer(deps: SpawnDeps, plan: ServerPlan): Promise<ServerProcess> {
  const ownFolder = folderOf(deps.home, plan.id);
  await mkdir(ownFolder, { recursive: true, mode: 0o700 });
  const downloads = isPackageManager(plan.command);
  if (downloads) await beginInstallation(ownFolder);
  const cwd = plan.cwd ?? ownFolder;
  if (!(await isFolder(cwd))) {
    throw new AlfredError('E_CONNECTION_FAILED', `The working folder ${cwd} does not exist.`, {
      remedy: 'Make the folder, or change "cwd" of the connection.',
    });
  }
  const run = newId();
  const env = serverEnvironment({
    inherited: deps.inherited,
    own: downloads ? { ...packageVariables(ownFolder), ...plan.env } : plan.env,
    marks: {
      [homeMark]: markOfHome(deps.home),
      ...(deps.owner === undefined ? {} : { [ownerMark]: deps.owner }),
      [runMark]: run,
    },
    downloads,
    sandbox: plan.sandbox,
    ownFolder,
  });
  const program = await resolveCommand(plan.command, {
    path: plan.env.PATH ?? searchPathOf(deps.inherited),
    cwd,
  });
  const { outside, loaders } = apartFromLoaders(env);
  const wrapped = await deps.sandbox.wrap({
    mode: plan.sandbox,
    program,
    args: plan.args,
    cwd,
    ownFolder,
    paths: plan.paths,
    words: plan.words,
    loaders,
    userHome: deps.inherited.HOME ?? homedir(),
    network: plan.network,
  });
  const child = spawn('/bin/sh', ['-c', limits, 'server', wrapped.program, ...wrapped.args], {
    cwd,
    env: wrapped.kind === 'none' ? env : outside,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const pid = await started(child);
  deps.log.debug({ pid, walls: wrapped.kind }, 'server started');
  return supervise(child, { pid, run, wrapped, log: deps.log });
}

async function started(child: ChildProcess): Promise<number> {
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new AlfredError('E_CONNECTION_FAILED', `No process could be started: ${messageOf(error)}.`, {
      remedy: 'Look whether the system is short of memory or processes.',
      cause: error,
    });
  }
  if (child.pid === undefined) throw new AlfredError('E_CONNECTION_FAILED', 'No process could be started.');
  return child.pid;
}

type Supervision = { pid: number; run: string; wrapped: Wrapped; log: Logger };

function supervise(child: ChildProcess, { pid, run, wrapped, log }: Supervision): ServerProcess {
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new TypeError('a server has three pipes');
  // The process's exit tells more than the broken pipe that comes with it.
  stdin.on('error', (error) => log.debug({ pid, reason: error.message }, 'server no longer reads'));
  child.on('error', (error) => log.warn({ pid, reason: error.message }, 'server process'));
  const since = Number(readProcess(pid)?.startedAt ?? 0);
  let exit: ServerExit | undefined;
  const exited = new Promise<ServerExit>((resolve) => {
    child.once('exit', (code, signal) => {
      exit = { code, signal };
      resolve(exit);
    });
  });
  let ending: Promise<void> | undefined;

  /** Who belongs to this server: its group, its session, its children, and whoever carries its mark. */
  const family = (all: ProcessInfo[], known: ProcessInfo[]) => {
    const children = new Set(descendantsOf(pid, all).map((one) => one.pid));
    const seen = new Set(known.map((one) => `${one.pid} ${one.startedAt}`));
    return all.filter(
      (one) =>
        one.group === pid ||
        one.session === pid ||
        children.has(one.pid) ||
        seen.has(`${one.pid} ${one.startedAt}`) ||
        // Reading an environment costs: nothing older than the server can be of its making.
        (Number(one.startedAt) >= since && hasVariable(one.pid, runMark, run)),
    );
  };

  const end = async () => {
    // Taken while it lives: a child whose parent has gone is nobody's child any more.
    const known = family(listProcesses(), []);
    stdin.end();
    await Promise.race([exited, sleep(closedInputMs, undefined, { ref: false })]);
    const { left } = await endProcesses({
      find: (all) => family(all, known),
      group: pid,
      // Walls that end take the server with them by SIGKILL: asked is the server alone.
      mayAsk: ({ name }) => !wrapped.helpers.includes(name),
      graceMs: askedMs,
    });
    if (left.length > 0)
      log.error({ pids: left.map((one) => one.pid) }, 'processes of a server could not be ended');
    await Promise.race([exited, sleep(closedInputMs, undefined, { ref: false })]);
    for (const stream of [stdin, stdout, stderr]) stream.destroy();
  };

  return {
    pid,
    stdin,
    stdout,
    stderr: new StderrTail(stderr),
    walls: wrapped.kind,
    get exit() {
      return exit;
    },
    exited,
    end: () => (ending ??= end()),
  };
}

async function isFolder(folder: string): Promise<boolean> {
  try {
    return (await stat(folder)).isDirectory();
  } catch {
    // Not there, or behind a folder that we may not enter: a server could not start in it either way.
    return false;
  }
}
