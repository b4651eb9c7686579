import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { noteHomePlace } from './home-place.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'alfred-place-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('tells a home that was moved or copied, once, from one that stays where it is', async () => {
  const [home, copy, moved] = ['home', 'copy', 'moved'].map((name) => path.join(folder, name));
  if (!home || !copy || !moved) throw new Error('Three names');
  await mkdir(home);
  expect(await noteHomePlace(home)).toBeUndefined();
  expect(await noteHomePlace(home)).toBeUndefined();
  await cp(home, copy, { recursive: true });
  expect(await noteHomePlace(copy)).toMatchObject({ path: home });
  expect(await noteHomePlace(copy)).toBeUndefined();
  await rename(home, moved);
  expect(await noteHomePlace(moved)).toMatchObject({ path: home });
  // Another folder in its place, as after a restore from a copy.
  await cp(moved, home, { recursive: true });
  expect(await noteHomePlace(home)).toMatchObject({ path: moved });
});
