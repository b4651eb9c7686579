/**
 * The very first start, as a new user's: until it is ready, in an empty home; of a fresh clone after `npm ci`, which builds itself, and of one
 * that is built, as the image is; in turns with the least that can serve there: a new cluster of the same PostgreSQL, and a bare Node.js
 * program that listens and asks it once. What is committed here is cloned; the packages are linked in place of a second `npm ci`.
 *
 *   node bench/first-start.ts [rounds]      3 when left out
 */
import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg } from 'node:os';
import path from 'node:path';
import { makeHome } from '../tests/helpers/vm.ts';

const project = path.resolve(import.meta.dirname, '..');
/** Beside this folder, as packages are linked from its disk. */
async function makeClone(): Promise<string> {
  const folder = await mkdtemp(path.join(path.dirname(project), 'first-start-'));
  execFileSync('git', ['clone', '--quiet', '--local', project, path.join(folder, 'vm')]);
  execFileSync('cp', ['-al', path.join(project, 'node_modules'), path.join(folder, 'vm/node_modules')]);
  return folder;
}

/** @returns seconds until it is ready */
async function startOfClone({ isBuilt }: { isBuilt: boolean }): Promise<number> {
  const [folder, home] = [await makeClone(), await makeHome()];
  try {
    if (isBuilt) execFileSync(process.execPath, ['scripts/generate.ts'], { cwd: path.join(folder, 'vm') });
    const began = performance.now();
    const vm = spawn(process.execPath, ['bin/alfred.js', 'start', '--json'], {
      cwd: path.join(folder, 'vm'),
      env: { PATH: process.env.PATH ?? '', HOME: home, LANG: 'C.UTF-8', ALFRED_PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exit = once(vm, 'exit');
    let said = '';
    vm.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    await Promise.race([once(vm.stdout, 'data'), exit]);
    if (vm.exitCode !== null) throw new Error(`It did not start: ${said}`);
    const seconds = (performance.now() - began) / 1000;
    vm.kill('SIGTERM');
    await exit;
    return seconds;
  } finally {
    for (const each of [folder, home]) await rm(each, { recursive: true, force: true });
  }
}

/** @returns seconds until it is ready */
async function startOfBare(): Promise<number> {
  const home = await makeHome();
  try {
    const began = performance.now();
    const child = fork(path.join(import.meta.dirname, 'start.ts'), ['--bare', home]);
    await once(child, 'message');
    const seconds = (performance.now() - began) / 1000;
    child.send('stop');
    await once(child, 'exit');
    return seconds;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const rounds = Number(process.argv[2] ?? 3);
const seconds: Record<'clone' | 'built' | 'bare', number[]> = { clone: [], built: [], bare: [] };
for (let round = 0; round < rounds; round++) {
  seconds.clone.push(await startOfClone({ isBuilt: false }));
  seconds.built.push(await startOfClone({ isBuilt: true }));
  seconds.bare.push(await startOfBare());
}
const [clone, built, bare] = [median(seconds.clone), median(seconds.built), median(seconds.bare)];
const toBare = (value: number): string => `${value.toFixed(1)} s, ×${(value / bare).toFixed(1)}`;
console.log(
  `medians of ${rounds}, load ${loadavg()[0]?.toFixed(1)}: a clone is ready after ${toBare(clone)}; a built copy after ${toBare(built)}; a new cluster and Fastify after ${bare.toFixed(1)} s`,
);
