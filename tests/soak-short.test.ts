/**
 * Three kills of the soak (tests/soak/soak.ts), with every part real: nothing is lost, doubled, stuck or left behind. And three
 * of tests/soak/starts.ts: a VM that was killed starts again in the same moment.
 */
import { expect, it } from 'vitest';
import { killAndStart } from './soak/kill-and-start.ts';
import { soak } from './soak/run-soak.ts';
import { problemsOf, render } from './soak/tally.ts';

it('survives three kills', async () => {
  // The first three: the VM, PostgreSQL, a worker.
  const tally = await soak({ kills: 3, seed: 3, say: () => {}, pauseMs: [500, 1_500], openAtMost: 4 });
  expect(problemsOf(tally), render(tally)).toBe(0);
  expect(tally.accepted).toBeGreaterThan(0);
}, 300_000);

it('starts at once after each of three kills', async () => {
  const { kills, failures } = await killAndStart(3, { random: () => 0.5 });
  expect(failures).toEqual([]);
  expect(kills).toEqual({ group: 1, all: 1, starting: 1 });
}, 300_000);
