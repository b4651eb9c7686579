/**
 * Kills a VM with SIGKILL and starts it again in the same moment, again and again: its group, all of its processes at once,
 * and in the middle of a start. `node tests/soak/starts.ts [kills]` (200 when left out) prints how many starts failed, and
 * ends with 1 when any did.
 */
import { killAndStart } from './kill-and-start.ts';

const kills = Number(process.argv[2] ?? 200);
const {
  kills: counts,
  failures,
  startsMs,
} = await killAndStart(kills, {
  say: (line) => process.stderr.write(`${line}\n`),
});
const sorted = startsMs.toSorted((a, b) => a - b);
const at = (part: number) => Math.round(sorted[Math.floor((sorted.length - 1) * part)] ?? 0);
process.stdout.write(
  [
    ...failures,
    `kills      ${Object.entries(counts)
      .map(([kind, count]) => `${kind} ${count}`)
      .join(', ')}`,
    `starts     ${startsMs.length} of ${kills} at once; up after ${at(0.5)} ms (median), ${at(0.95)} ms (95 %), ${at(1)} ms (longest)`,
    '',
  ].join('\n'),
);
process.exitCode = failures.length > 0 ? 1 : 0;
