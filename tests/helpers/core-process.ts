/** Cores as they are run: each a process of its own, and the operator's commands beside it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const program = path.resolve(import.meta.dirname, '../../bin/alfred.js');

export type CoreProcess = { child: ChildProcess; kill(): Promise<void> };

export type CorePlace = {
  home: string;
  port: number;
  /** An embedded PostgreSQL when left out. */
  databaseUrl?: string;
  env?: Record<string, string>;
};

const environmentOf = ({ home, port, databaseUrl, env }: CorePlace): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: home,
  CORE_HOME: home,
  CORE_PORT: String(port),
  ...(databaseUrl === undefined ? {} : { CORE_DATABASE_URL: databaseUrl }),
  ALFRED_LOG_FORMAT: 'json',
  ALFRED_LOG_LEVEL: 'warn',
  ...env,
});

export async function startCoreProcess(place: CorePlace): Promise<CoreProcess> {
  const child = spawn(process.execPath, [program, 'core', 'serve', '--json'], {
    env: environmentOf(place),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const ready = Promise.withResolvers<void>();
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (chunk.includes('"url"')) ready.resolve();
  });
  child.on('exit', (code) => ready.reject(new Error(`Core ended with ${code}\n${text}`)));
  await ready.promise;
  return {
    child,
    async kill() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Runs `alfred core …` as the operator of a Core would, on its machine. */
export async function runCoreCli(
  place: CorePlace,
  args: readonly string[],
  input = '',
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [program, 'core', ...args], { env: environmentOf(place) });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (err += chunk));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}
