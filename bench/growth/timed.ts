/** What the parts of bench/growth.ts measure with. */

export type Row = {
  /** What grows, and how many there are of it. */
  things: 'executions' | 'tools' | 'steps';
  count: number;
  what: string;
  unit: 'ms' | 'kB';
  alfred: number;
  /** The least that does it, in the same minutes; null where there is nothing to compare with. */
  bare: number | null;
};

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Both in turns, so that the machine's noise meets them alike; medians in milliseconds. The first of each is not counted. */
export async function inTurns(
  rounds: number,
  alfred: () => Promise<unknown>,
  bare: () => Promise<unknown>,
): Promise<{ alfred: number; bare: number }> {
  const times: { alfred: number[]; bare: number[] } = { alfred: [], bare: [] };
  await alfred();
  await bare();
  for (let round = 0; round < rounds; round++) {
    times.alfred.push(await timed(alfred));
    times.bare.push(await timed(bare));
  }
  return { alfred: median(times.alfred), bare: median(times.bare) };
}
