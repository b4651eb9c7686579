/**
 * V8's young generation, kept small. On a machine with memory V8 lets it grow to two halves of 64 MiB while a program works, and gives
 * them back late or never: most of what a VM had at work was that, and empty (tests/soak/runs.ts). What it may grow to is fixed when
 * Node.js starts, which is not ours to say: by how much it grows is not.
 */
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Both halves: as much as V8 took by itself for long, and enough for what a few requests need at once. */
const enough = 32 * 2 ** 20;

const youngGenerationSize = (): number =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;

/**
 * Lets it grow no more once it is large enough, and again after V8 has shrunk it. A burst between two looks may take it further, by one
 * doubling or two. Holds for the threads of the process too.
 *
 * @param most of both halves, in bytes
 * @returns what takes the bound away
 */
export function boundYoungGeneration(most: number = enough): () => void {
  const setGrowth = (factor: 1 | 2) => setFlagsFromString(`--semi-space-growth-factor=${factor}`);
  let factor: 1 | 2 = 2;
  const observer = new PerformanceObserver(() => {
    const wanted = youngGenerationSize() < most ? 2 : 1;
    if (wanted !== factor) setGrowth(wanted);
    factor = wanted;
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => {
    observer.disconnect();
    setGrowth(2);
  };
}
