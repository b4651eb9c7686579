/**
 * A process that calls a tool of a connection so many times at once, when a line comes on its standard input, and says what came
 * of it. Run by `node tests/helpers/oauth/login-worker.ts DATABASE_URL HOME CONNECTION CALLS`.
 */
import { once } from 'node:events';
import { ConnectionPool } from '../../../src/connections/pool/pool.ts';
import { openDatabase } from '../../../src/database/client.ts';
import { createLogger } from '../../../src/kernel/log.ts';
import { readSettings } from '../../../src/kernel/settings.ts';
import { openVault } from '../../../src/vault/open-vault.ts';

const [url = '', home = '', connection = '', calls = '1'] = process.argv.slice(2);
const db = await openDatabase(url, { connections: 5 });
const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
const vault = await openVault({ db, settings: readSettings({ ALFRED_HOME: home }), log });
const pool = new ConnectionPool({ db, vault, log, home }, { childEnvironment: {} });
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const outcomes = await Promise.allSettled(
  Array.from({ length: Number(calls) }, () => pool.call(connection, 'whoami', {})),
);
const failures = outcomes.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
process.stdout.write(`${JSON.stringify({ done: outcomes.length - failures.length, failures })}\n`);
await pool.close();
await db.close();
process.stdin.destroy();
