/**
 * What a process holds on to, without what it has let go of: loaded into it with `NODE_OPTIONS=--import …/live-memory.ts`, it
 * collects its garbage at SIGUSR2 and says what is left. The pages of a process tell of both, and mostly of the last burst.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

process.on('SIGUSR2', () => {
  // Compiled code that is not used goes only after several collections.
  for (let time = 0; time < 8; time++) collect();
  const { heapUsed, external } = process.memoryUsage();
  process.stderr.write(`live ${Math.round((heapUsed + external) / 1024)} kB\n`);
});
