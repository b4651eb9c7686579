import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { finishSwap, isSwapping, swapHome } from './swap-home.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'alfred-swap-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const names = ['audit', 'keys', 'postgres', 'samples'];
const now = new Date('2026-11-28T22:00:00Z');
const aside = 'before-restore-2026-11-28T22-00-00.000Z';

/** A folder `old` for each name but `samples`, and beside the home's a `new` one for each but `audit`. */
async function prepare(): Promise<string> {
  const from = path.join(home, 'restoring-00000000');
  for (const [folder, text, missing] of [
    [home, 'old', 'samples'],
    [from, 'new', 'audit'],
  ] as const) {
    for (const name of names.filter((each) => each !== missing)) {
      await mkdir(path.join(folder, name), { recursive: true });
      await writeFile(path.join(folder, name, 'text'), text);
    }
  }
  await writeFile(path.join(home, 'cli-token'), 'old');
  return from;
}

/** What each name holds, where it is. */
async function look(folder: string): Promise<Record<string, string>> {
  const found = await Promise.all(
    names.map(async (name) => [
      name,
      await readFile(path.join(folder, name, 'text'), 'utf8').catch(() => '-'),
    ]),
  );
  return Object.fromEntries(found);
}
const old = { audit: 'old', keys: 'old', postgres: 'old', samples: '-' };
const fresh = { audit: '-', keys: 'new', postgres: 'new', samples: 'new' };

it('changes all of it, and keeps what was there', async () => {
  const from = await prepare();
  expect(await swapHome(home, { from, names, now })).toBe(path.join(home, aside));
  expect(await look(home)).toEqual(fresh);
  expect(await look(path.join(home, aside))).toEqual(old);
  expect(await readFile(path.join(home, 'cli-token'), 'utf8')).toBe('old');
  expect(isSwapping(home)).toBe(false);
});

it('keeps nothing of a home that was empty', async () => {
  const from = await prepare();
  for (const name of names) await rm(path.join(home, name), { recursive: true, force: true });
  expect(await swapHome(home, { from, names, now })).toBeUndefined();
  expect((await readdir(home)).sort()).toEqual([
    'cli-token',
    'keys',
    'postgres',
    'restoring-00000000',
    'samples',
  ]);
});

describe('killed', () => {
  /** The renames in the order in which they are made. */
  const steps = [
    ...['audit', 'keys', 'postgres'].map((name) => [name, path.join(aside, name)]),
    ...['keys', 'postgres', 'samples'].map((name) => [path.join('restoring-00000000', name), name]),
  ] as [string, string][];

  it('before its note is written, it has not happened', async () => {
    await prepare();
    expect(await finishSwap(home)).toBe(false);
    expect(await look(home)).toEqual(old);
  });

  it.each(steps.map((_, done) => done + 1).concat(0))(
    'after %i renames, it is finished by whoever comes next',
    async (done) => {
      const from = await prepare();
      const note = {
        from: path.basename(from),
        aside,
        goes: ['audit', 'keys', 'postgres'],
        comes: ['keys', 'postgres', 'samples'],
      };
      await writeFile(path.join(home, 'restore.json'), JSON.stringify(note));
      if (done > 0) await mkdir(path.join(home, aside));
      for (const [source, target] of steps.slice(0, done)) {
        await rename(path.join(home, source), path.join(home, target));
      }
      expect(isSwapping(home)).toBe(true);
      expect(await finishSwap(home)).toBe(true);
      expect(await look(home)).toEqual(fresh);
      expect(await look(path.join(home, aside))).toEqual(old);
      expect(await finishSwap(home)).toBe(false);
    },
  );
});
