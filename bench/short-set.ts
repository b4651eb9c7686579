/**
 * The short set of docs/benchmarks.md, one program after the other: each compares Alfred with its bare limit in turns and prints medians.
 * Ten minutes on two idle cores.
 *
 *   npm run bench
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import path from 'node:path';

const set: readonly (readonly [file: string, ...args: string[]])[] = [
  ['start.ts', '5'],
  ['webhook-intake.ts', '8', '3', '50'],
  ['run-vs-bare-sdk.ts', '8'],
  ['one-tool-runs.ts', '200', '8'],
  ['chat.ts', '5', '40', '40'],
];

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const machine = `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
console.log(
  `${new Date().toISOString()}, ${commit}, Node.js ${process.version}, ${machine}, load ${loadavg()[0]?.toFixed(1)}`,
);
for (const [file, ...args] of set) {
  console.log(`\n# node bench/${[file, ...args].join(' ')}`);
  const { status } = spawnSync(process.execPath, [path.join(import.meta.dirname, file), ...args], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
