/**
 * Kills changes of the keys at random moments: `node tests/soak/rotations.ts [each] [values]` (until 200 changes of the root key and
 * 200 of the data keys over 10,000 values were killed half done and came to their end, when left out). After each kill every value
 * is opened. Ends with 1 when one did not.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { startEmbeddedPostgres } from '../../src/database/embedded.ts';
import { migrateDatabase } from '../../src/database/migrate.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { killRotations } from './kill-rotations.ts';

const [each = '200', values = '10000'] = process.argv.slice(2);
const log = createLogger({ level: 'error', format: 'json', redact: (line) => line });
const home = await mkdtemp(path.join(tmpdir(), 'alfred-rotations-'));
// Processes are killed, and never the machine.
const postgres = await startEmbeddedPostgres({ home, log, durable: false });
try {
  // Its start from the sources would be most of what a round takes.
  const program = path.join(home, 'rotating.mjs');
  const build = await rolldown({
    input: path.join(import.meta.dirname, 'rotating-process.ts'),
    platform: 'node',
    logLevel: 'silent',
  });
  await build.write({ file: program, format: 'esm', codeSplitting: false });
  await build.close();
  await migrateDatabase({ url: postgres.url, home, log });
  const tally = await killRotations({
    url: postgres.url,
    home,
    program,
    values: Number(values),
    each: Number(each),
    say: (line) => void process.stderr.write(`${line}\n`),
  });
  const { wrong, ...counts } = tally;
  process.stdout.write(`${[...wrong, JSON.stringify(counts), `unreadable: ${wrong.length}`].join('\n')}\n`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
} finally {
  await postgres.stop();
  await rm(home, { recursive: true, force: true });
}
