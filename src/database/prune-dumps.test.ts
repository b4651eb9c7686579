import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pruneDumps } from './prune-dumps.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'alfred-dumps-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const now = new Date('2026-11-29T12:00:00Z');
const folder = () => path.join(home, 'backups');
const left = async () => (await readdir(folder())).sort();

/** A file of `backups/` that was written so many days ago. */
async function write(name: string, daysAgo: number): Promise<void> {
  await mkdir(folder(), { recursive: true });
  const at = new Date(now.getTime() - daysAgo * 86_400_000);
  await writeFile(path.join(folder(), name), name);
  await utimes(path.join(folder(), name), at, at);
}

it('keeps the five newest dumps by when they were made, and no other file of the folder is touched', async () => {
  // By their names these are in another order.
  for (const [name, daysAgo] of [
    ['c', 1],
    ['g', 2],
    ['a', 3],
    ['f', 4],
    ['b', 5],
    ['e', 6],
    ['d', 700],
  ] as const)
    await write(`before-${name}.zst`, daysAgo);
  await write('alfred-0123456789-old.age', 900);
  expect((await pruneDumps(home, { now })).sort()).toEqual(['before-d.zst', 'before-e.zst']);
  expect(await left()).toEqual([
    'alfred-0123456789-old.age',
    ...['a', 'b', 'c', 'f', 'g'].map((name) => `before-${name}.zst`),
  ]);
  expect(await pruneDumps(home, { now })).toEqual([]);
});

it('removes those as well that are older than the days that backups are kept', async () => {
  for (const daysAgo of [1, 9, 11]) await write(`before-${daysAgo}.zst`, daysAgo);
  expect(await pruneDumps(home, { days: 10, now })).toEqual(['before-11.zst']);
  expect(await left()).toEqual(['before-1.zst', 'before-9.zst']);
});

it('is content with a home that has no backups', async () => {
  expect(await pruneDumps(home, { now })).toEqual([]);
});
