/**
 * A process that goes on with a change of keys and then makes another, as a VM does: `node rotating-process.ts root|data`, with
 * the home in ALFRED_HOME and the database in DATABASE_URL. Says `ready` when it begins.
 */
import { openDatabase } from '../../src/database/client.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { readSettings } from '../../src/kernel/settings.ts';
import { KeyRotation } from '../../src/keys/key-rotation.ts';
import { openVault } from '../../src/vault/open-vault.ts';

const settings = readSettings(process.env);
const log = createLogger({ level: 'error', format: 'json', redact: (line) => line });
const db = await openDatabase(settings.databaseUrl ?? '');
const vault = await openVault({ db, settings, log });
const keys = new KeyRotation({ db, vault, settings, log, sayKeys: async () => {} });
process.stdout.write('ready\n');
await keys.resume();
await keys.settled();
await keys.start(process.argv[2] === 'root' ? 'root' : 'data', 'owner');
await keys.settled();
const left = await keys.state();
if (left) throw new Error(`It stands still: ${JSON.stringify(left)}`);
await db.close();
