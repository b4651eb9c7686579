/** What the memory of a VM says of a soak: whether it grew with the runs, and whether it came back at rest. In MiB. */

export type MemorySoak = {
  /** How many there were. */
  runs: number;
  /** Before the first run, and after a minute without any. */
  fresh: number;
  /** The same after the first runs, when all that a run needs is loaded. */
  warm: number;
  /** Regularly, while runs went on. */
  atWork: readonly number[];
  /** While a long trace was read, after each read. */
  atReads: readonly number[];
  /** A minute after the last of it. */
  rest: number;
  /** What is left when all garbage is collected: after the first runs, and in the end. */
  live: { warm: number; rest: number };
  /** A minute after that: what is neither live nor garbage, but pages that are kept. */
  collected: number;
};

/**
 * The bounds. At work it is the goal itself: 277 was seen before the young generation was bounded, and 212 after. While a trace of 20 MB
 * is read, several copies of it are on their way and await collection: 409 was seen before. A leak of 1 kB a run is 10 MiB in 10,000 runs,
 * where what is live came out within 2 MiB of itself; it shows in the quarters as well, which differ by less than a tenth without one.
 */
const most = { restOfWarm: 1.2, lastOfSecond: 1.1, atWork: 250, atReads: 400, liveGrowth: 10 };

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Medians of the quarters of a soak. */
export function quartersOf(samples: readonly number[]): number[] {
  const size = samples.length / 4;
  return [0, 1, 2, 3].map((quarter) =>
    median(samples.slice(Math.floor(quarter * size), Math.floor((quarter + 1) * size))),
  );
}

/** @returns what is wrong, a line each */
export function judgeMemory({ warm, atWork, atReads, rest, live }: MemorySoak): string[] {
  const [, second = 0, , last = 0] = quartersOf(atWork);
  const [runs, reads] = [Math.max(...atWork), Math.max(...atReads)];
  const mib = (value: number) => `${value.toFixed(0)} MiB`;
  const wrong: [isWrong: boolean, line: string][] = [
    [
      last > most.lastOfSecond * second,
      `it grows with the runs: ${mib(second)} in the second quarter, ${mib(last)} in the last`,
    ],
    [runs > most.atWork, `at work it came to ${mib(runs)}, more than ${mib(most.atWork)}`],
    [reads > most.atReads, `at reads it came to ${mib(reads)}, more than ${mib(most.atReads)}`],
    [rest > most.restOfWarm * warm, `at rest it stays at ${mib(rest)}, from ${mib(warm)}`],
    [
      live.rest - live.warm > most.liveGrowth,
      `it holds on to ${mib(live.rest - live.warm)} more than after the first runs`,
    ],
  ];
  return wrong.filter(([isWrong]) => isWrong).map(([, line]) => line);
}
