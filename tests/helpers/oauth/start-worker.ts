/** Starts login-worker.ts. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { LoginBench } from './login-bench.ts';

const helper = path.resolve(import.meta.dirname, 'login-worker.ts');

/** A process of its own; `go` has it call, and `outcome` is what it says then. */
export async function startWorker({ deps, home }: LoginBench, name: string, calls: number) {
  const { url } = deps.db;
  const child = spawn(process.execPath, [helper, url, home, name, String(calls)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  await lines.next();
  return {
    child,
    go: () => child.stdin.write('go\n'),
    outcome: async () =>
      JSON.parse((await lines.next()).value ?? '{}') as { done: number; failures: string[] },
  };
}
