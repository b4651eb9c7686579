/**
 * Three kills of the soak (tests/soak/soak.ts), with every part real: nothing is lost, doubled, stuck or left behind. And three
 * of tests/soak/starts.ts: a VM that was killed starts again in the same moment. And four of tests/soak/rotations.ts: no value is lost.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createTestDatabase } from './helpers/database.ts';
import { killAndStart } from './soak/kill-and-start.ts';
import { killRotations } from './soak/kill-rotations.ts';
import { soak } from './soak/run-soak.ts';
import { problemsOf, render } from './soak/tally.ts';

it('survives three kills', { tags: ['exhaustive'] }, async () => {
  // The first three: the VM, PostgreSQL, a worker.
  const tally = await soak({ kills: 3, seed: 3, say: () => {}, pauseMs: [500, 1_500], openAtMost: 4 });
  expect(problemsOf(tally), render(tally)).toBe(0);
  expect(tally.accepted).toBeGreaterThan(0);
});

it('starts at once after each of three kills', { tags: ['exhaustive'] }, async () => {
  const { kills, failures } = await killAndStart(3, { random: () => 0.5 });
  expect(failures).toEqual([]);
  expect(kills).toEqual({ group: 1, all: 1, starting: 1 });
});

it('opens every value after each of four kills in a change of the keys', {
  tags: ['exhaustive'],
}, async () => {
  const db = await createTestDatabase();
  const home = await mkdtemp(path.join(tmpdir(), 'alfred-rotations-'));
  try {
    const given = { url: db.url, home, values: 100, each: 2, say: () => {} };
    const { changed, wrong } = await killRotations(given);
    expect(wrong).toEqual([]);
    expect(Math.min(changed.root, changed.data)).toBeGreaterThanOrEqual(2);
  } finally {
    await db.drop();
    await rm(home, { recursive: true, force: true });
  }
});
