/**
 * Tampers with a VM's record, in five classes, as somebody who has the whole database and neither the key nor the home, and
 * counts what the verifier finds:
 *   node scripts/audit-tamper.ts [tamperings] [--seed N]
 * On an embedded PostgreSQL of its own. Ends with 1 when one was missed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openFoundation } from '../src/app/foundation.ts';
import { createAppender } from '../src/audit/appender.ts';
import { readSettings } from '../src/kernel/settings.ts';
import { fillRecord } from '../tests/tamper/record.ts';
import { runTamperings } from '../tests/tamper/run-tamperings.ts';
import { classes } from '../tests/tamper/tamperings.ts';

const { positionals, values } = parseArgs({ allowPositionals: true, options: { seed: { type: 'string' } } });
const count = Number(positionals[0] ?? 1000);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const home = await mkdtemp(path.join(tmpdir(), 'alfred-tamper-'));
const say = (line: string) => process.stderr.write(`${line}\n`);
const foundation = await openFoundation(readSettings({ ALFRED_HOME: home, ALFRED_LOG_LEVEL: 'warn' }));
const { db, vault, log, closers } = foundation;
try {
  const appender = createAppender({ db, vault, log, home, checkpointEvents: 25 });
  await fillRecord({ db, vault, appender }, 40);
  say(`seed ${seed}`);
  const tally = await runTamperings({ url: db.url, vault, home }, { count, seed, say });
  for (const kind of classes)
    process.stdout.write(`${kind.padEnd(10)} ${tally.found[kind]} of ${tally.tampered[kind]} found\n`);
  process.stdout.write(`\nSome of them:\n${tally.samples.join('\n')}\n`);
  for (const missed of tally.missed) process.stdout.write(`MISSED ${missed}\n`);
  process.exitCode = tally.missed.length > 0 ? 1 : 0;
} finally {
  await closers.close(log);
  await rm(home, { recursive: true, force: true });
}
