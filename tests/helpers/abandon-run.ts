/**
 * A worker of its own: one that is killed in the middle of its work: runs what is queued, until SIGKILL. Run by
 * `node tests/helpers/abandon-run.ts DATABASE_URL HOME [LOOK_EVERY_MS]`.
 */
import { openDatabase } from '../../src/database/client.ts';
import { openRunnerParts } from './runner-parts.ts';

const [url = '', home = '', lookEveryMs = '5000'] = process.argv.slice(2);
const db = await openDatabase(url, { connections: 5 });
const { runner } = await openRunnerParts(db, home, {
  env: { ALFRED_LOG_LEVEL: 'warn', ALFRED_CONCURRENCY: '2' },
  roster: { lookEveryMs: Number(lookEveryMs) },
});
await runner.start();
process.stdout.write('working\n');
