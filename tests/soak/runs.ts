/**
 * Many plain runs, a few at once, and a hundred reads of a trace of 20 MB, on one VM: `node tests/soak/runs.ts [runs] [minutes]`
 * (10,000 when left out, some hours on two cores; after so many minutes no more are begun). Prints the memory of the VM (PSS,
 * without agents and PostgreSQL) before, meanwhile and after a minute of rest, and what it holds on to without its garbage;
 * ends with 1 when it grew or did not come back (memory.ts).
 */
import { judgeMemory, quartersOf } from './memory.ts';
import { soakMemory } from './run-many.ts';

const [runs = 10_000, minutes = 24 * 60] = process.argv.slice(2).map(Number);
const say = (line: string) => void process.stderr.write(`${line}\n`);
const memory = await soakMemory({ runs, minutes, reads: 100, megabytes: 20, say });
const wrong = judgeMemory(memory);
const told = (values: readonly number[]) => values.map((value) => value.toFixed(0)).join(', ');
process.stdout.write(
  [
    ...wrong,
    `runs       ${memory.runs}`,
    `fresh      ${told([memory.fresh])} MiB; after the first runs and a minute ${told([memory.warm])}`,
    `at work    ${told(quartersOf(memory.atWork))} MiB by quarters, ${told([Math.max(...memory.atWork)])} at most`,
    `reads      ${told(quartersOf(memory.atReads))} MiB by quarters, ${told([Math.max(...memory.atReads)])} at most`,
    `at rest    ${told([memory.rest])} MiB`,
    `collected  ${told([memory.collected])} MiB a minute after all garbage was`,
    `live       ${memory.live.warm.toFixed(1)} MiB after the first runs, ${memory.live.rest.toFixed(1)} in the end`,
    '',
  ].join('\n'),
);
process.exitCode = wrong.length > 0 ? 1 : 0;
