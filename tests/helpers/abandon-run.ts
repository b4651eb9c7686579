/**
 * A worker that is killed in the middle of its work: runs what is queued, until SIGKILL. Run by
 * `node tests/helpers/abandon-run.ts DATABASE_URL HOME`.
 */
import { openDatabase } from '../../src/database/client.ts';
import { openRunnerParts } from './runner-parts.ts';

const [url = '', home = ''] = process.argv.slice(2);
const db = await openDatabase(url, { connections: 5 });
const { runner } = await openRunnerParts(db, home);
await runner.start();
process.stdout.write('working\n');
