import { expect, it, vi } from 'vitest';
import type { StepDeps, StepRun } from './step-run.ts';
import { keepWarm } from './warm-turn.ts';

type Parts = Parameters<typeof keepWarm>;

it('keeps no agent that knows more than the record: what it said would be gone on from, and never read', async () => {
  const lost = new Error('the database is away');
  const keep = vi.fn();
  const run = {
    turn: { answerId: 'a' },
    signal: new AbortController().signal,
    events: { drain: () => Promise.reject(lost) },
  } as unknown as StepRun;
  const keeping = keepWarm({ warm: { keep } } as unknown as StepDeps, run, {} as Parts[2], {} as Parts[3]);
  await expect(keeping).rejects.toBe(lost);
  expect(keep).not.toHaveBeenCalled();
});
