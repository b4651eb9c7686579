/** Three kills of the soak (tests/soak/soak.ts), with every part real: nothing is lost, doubled, stuck or left behind. */
import { expect, it } from 'vitest';
import { soak } from './soak/run-soak.ts';
import { problemsOf, render } from './soak/tally.ts';

it('survives three kills', async () => {
  // The first three: the VM, PostgreSQL, a worker.
  const tally = await soak({ kills: 3, seed: 3, say: () => {}, pauseMs: [500, 1_500], openAtMost: 4 });
  expect(problemsOf(tally), render(tally)).toBe(0);
  expect(tally.accepted).toBeGreaterThan(0);
}, 300_000);
