/** What the soak of tests/soak/runs.ts takes for a leak, by figures that were seen and some that were made up. */
import { expect, it } from 'vitest';
import { judgeMemory, type MemorySoak } from './soak/memory.ts';

const well: MemorySoak = {
  ...{
    runs: 8,
    fresh: 121,
    warm: 171,
    atWork: [180, 190, 195, 200, 212, 205, 198, 201],
    atReads: [250, 260],
  },
  ...{ rest: 180, live: { warm: 87, rest: 88 }, collected: 150 },
};

it('finds nothing where memory comes and goes', () => {
  expect(judgeMemory(well)).toEqual([]);
});

it('says of each what is wrong', () => {
  const of = (change: Partial<MemorySoak>) => judgeMemory({ ...well, ...change });
  expect(of({ atWork: [150, 150, 160, 160, 170, 170, 180, 180] })).toEqual([
    'it grows with the runs: 160 MiB in the second quarter, 180 MiB in the last',
  ]);
  expect(of({ atWork: [257, 200] })).toEqual(['at work it came to 257 MiB, more than 250 MiB']);
  expect(of({ atReads: [331, 409] })).toEqual(['at reads it came to 409 MiB, more than 400 MiB']);
  expect(of({ rest: 351 })).toEqual(['at rest it stays at 351 MiB, from 171 MiB']);
  expect(of({ live: { warm: 87, rest: 98 } })).toEqual([
    'it holds on to 11 MiB more than after the first runs',
  ]);
});
