/** A whole VM as a person starts it: `alfred start` on an empty home and a free port, and its command line. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { readHomeLock } from '../../src/processes/home-lock.ts';
import {
  processNumbers,
  readCommandLine,
  readEnvironment,
  readWorkingFolder,
} from '../../src/processes/proc.ts';
import { preparedData } from './prepared-data.ts';

const program = path.resolve(import.meta.dirname, '../../bin/alfred.js');

/** Generous: a busy machine shall never decide a test. */
const startWithinMs = 300_000;
const stopWithinMs = 60_000;

const readySchema = z.object({
  url: z.string(),
  signInUrl: z.string(),
  home: z.string(),
  model: z.object({ name: z.string(), isRehearsal: z.boolean(), hasApiKey: z.boolean() }),
  pid: z.int(),
});

export type CliResult = {
  code: number | null;
  stdout: string;
  stderr: string;
  /** The one JSON document of `--json`. */
  json(): unknown;
};
export type CliOptions = { input?: string; env?: Record<string, string>; cwd?: string };

export type TestVm = z.infer<typeof readySchema> & {
  /** The owner's token. */
  token: string;
  /** What the server wrote to stderr so far. */
  stderr(): string;
  /** Runs `alfred …` on this VM's home. */
  cli(args: string[], options?: CliOptions): Promise<CliResult>;
  /** Calls the API with the owner's token; the body is sent and the answer read as JSON. */
  api(
    method: string,
    route: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown; headers: Headers }>;
  process: ChildProcess;
  /**
   * Stops it with a signal, fails when anything of it is left (processes, run folders), and removes the home unless
   * asked to keep it.
   */
  stop(options?: { signal?: NodeJS.Signals; keepHome?: boolean }): Promise<{ code: number | null }>;
};

/** Nothing of our own environment that could steer a VM: no key, no home, no database. */
const environment = (home: string, extra: Record<string, string>): Record<string, string> => ({
  PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`,
  HOME: home,
  ALFRED_HOME: home,
  LANG: 'C.UTF-8',
  ...extra,
});

/** The program itself, in a process group of its own where that is asked for. */
export const spawnStart = (home: string, env: Record<string, string> = {}, detached = false) =>
  spawn(process.execPath, [program, 'start', '--json'], {
    // An agent that stands ready is half a second of work each time, and most tests want none or would not notice it.
    env: environment(home, {
      ALFRED_PORT: '0',
      ALFRED_LOG_FORMAT: 'json',
      ALFRED_SPARE_AGENTS: '0',
      ...env,
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
  });

/** Runs `alfred …` on `home`, whether or not a server runs there. */
export async function runCli(
  home: string,
  args: string[],
  { input, env = {}, cwd }: CliOptions = {},
): Promise<CliResult> {
  const child = spawn(process.execPath, [program, ...args], {
    env: environment(home, env),
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  if (input !== undefined) child.stdin?.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr, json: () => JSON.parse(stdout) };
}

/** A home of its own for a VM, outside any other. */
export const makeHome = (): Promise<string> => mkdtemp(path.join(tmpdir(), 'alfred-vm-'));

/** A home as it is after initdb and the migrations, where the test run has a copy of that; else an empty one. */
export async function makePreparedHome(): Promise<string> {
  const home = await makeHome();
  const prepared = process.env[preparedData];
  if (prepared === undefined) return home;
  const data = path.join(home, 'postgres/data');
  // PostgreSQL wants a folder of its owner's alone; the copy's files take the mode of theirs.
  await mkdir(path.join(home, 'postgres'), { mode: 0o700 });
  await mkdir(data, { mode: 0o700 });
  // A tenth of the processor time of the asynchronous one.
  cpSync(prepared, data, { recursive: true });
  return home;
}

/**
 * Starts a VM.
 *
 * @param options.home an earlier VM's home to start again on, or one of `makeHome` for a very first start; a new one with
 *   empty tables when left out
 * @param options.env added to an environment that holds nothing else of ours
 * @param options.ownGroup whether it leads a process group, so that `kill -9 -PID` ends what is in it
 */
export async function startTestVm(
  options: { env?: Record<string, string>; home?: string; ownGroup?: boolean } = {},
): Promise<TestVm> {
  const home = options.home ?? (await makePreparedHome());
  const child = spawnStart(home, options.env, options.ownGroup);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8');
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const exited = once(child, 'close');

  const starting = new Promise<z.infer<typeof readySchema>>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`The VM did not start: ${why}\n${stdout}\n${stderr}`));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail('it took too long');
    }, startWithinMs);
    child.on('exit', (code) => {
      clearTimeout(timer);
      fail(`it ended with ${code}`);
    });
    child.stdout.on('data', (chunk: string) => {
      stdout += chunk;
      // The one document of --json; when the start failed, the error, and the end follows.
      const document = stdout.endsWith('}\n') ? readySchema.safeParse(JSON.parse(stdout)) : undefined;
      if (!document?.success) return;
      clearTimeout(timer);
      resolve(document.data);
    });
  });
  const ready = await starting.catch(async (error: unknown) => {
    await exited;
    if (options.home === undefined) await rm(home, { recursive: true, force: true });
    throw error;
  });
  const token = (await readFile(path.join(home, 'cli-token'), 'utf8')).trim();
  // With a public address it tells that one, where nobody is: it is reached here.
  const here = (await readHomeLock(home))?.address ?? ready.url;

  return {
    ...ready,
    url: here,
    signInUrl: ready.signInUrl.replace(new URL(ready.url).origin, new URL(here).origin),
    token,
    process: child,
    stderr: () => stderr,
    cli: (args, cliOptions) => runCli(home, args, cliOptions),
    async api(method, route, body) {
      const response = await fetch(new URL(route, here), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        body: text === '' ? undefined : JSON.parse(text),
        headers: response.headers,
      };
    },
    async stop({ signal = 'SIGTERM', keepHome = false } = {}) {
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
      const [code] = (await exited) as [number | null];
      clearTimeout(timer);
      await expectNothingLeft(home);
      if (!keepHome) await rm(home, { recursive: true, force: true });
      return { code };
    },
  };
}

/** Processes whose command line, working folder or environment names `home`. */
export function processesOf(home: string): string[] {
  return processNumbers()
    .filter((pid) => pid !== process.pid)
    .flatMap((pid) => {
      const command = readCommandLine(pid);
      const about = [command, readWorkingFolder(pid), readEnvironment(pid)];
      return about.some((text) => text?.includes(home)) ? [`${pid} ${command?.replaceAll('\0', ' ')}`] : [];
    });
}

/** Fails when a stopped VM left a process, a run folder or its address behind. */
export async function expectNothingLeft(home: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (processesOf(home).length > 0 && Date.now() < deadline) await sleep(50);
  const left = processesOf(home);
  if (left.length > 0) throw new Error(`Left running on ${home}:\n${left.join('\n')}`);
  const runs = path.join(home, 'runs');
  const folders = existsSync(runs) ? readdirSync(runs) : [];
  if (folders.length > 0) throw new Error(`Left in ${runs}: ${folders.join(', ')}`);
  if (existsSync(path.join(home, 'lock'))) throw new Error(`${home}/lock is still there`);
}
