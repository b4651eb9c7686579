/**
 * Kills a VM, a worker beside it, and their PostgreSQL at random moments, under load by hand, by webhook (each delivery
 * twice), by schedule and with runs that fail, and counts what came of it:
 *   lost      accepted (2xx) and not on record; a fire time, a failure skill's run or a notice that never came
 *   doubled   a step that was done, run again; two agents on one step at once; two executions of one delivery, fire time
 *             or failure
 *   stuck     not ended in the end, or held by a dead process for more than a minute
 *   orphaned  processes, run folders and sockets that nobody owns
 *   false alarms  what the audit chain's verifier finds in the end
 * `node tests/soak/soak.ts [kills] [--stop SECONDS]` prints a table and ends with 1 when anything of it is not 0. For so many seconds
 * the VM hangs in the end (SIGSTOP), while the worker goes on.
 */
import { parseArgs } from 'node:util';
import { soak } from './run-soak.ts';
import { problemsOf, render } from './tally.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    stop: { type: 'string', default: '0' },
    verbose: { type: 'boolean', default: false },
  },
});
const kills = Number(positionals[0] ?? 30);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const tally = await soak({
  kills,
  stoppedMs: Number(values.stop) * 1000,
  seed,
  say: (line) => process.stderr.write(`${line}\n`),
  verbose: values.verbose,
});
process.stdout.write(`${render(tally)}\n`);
process.exitCode = problemsOf(tally) > 0 ? 1 : 0;
