/**
 * A process that starts as a VM does, goes on with a change of keys where one is under way, and then makes one:
 * `node rotating-process.ts root|data`, with the home in ALFRED_HOME and the database in DATABASE_URL. It says in a line of
 * JSON what it found (`Found`), and in a second line that its own change begins.
 */
import { openDatabase } from '../../src/database/client.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { readSettings } from '../../src/kernel/settings.ts';
import { KeyRotation } from '../../src/keys/key-rotation.ts';
import { isBetweenKeys } from '../../src/vault/changed-keys.ts';
import { lookAtValues } from './look-at-values.ts';

export type Found = {
  values: number;
  wrong: string[];
  /** Whether a change was under way. */
  isBetween: boolean;
};

const settings = readSettings(process.env);
const log = createLogger({ level: 'error', format: 'json', redact: (line) => line });
const db = await openDatabase(settings.databaseUrl ?? '');
const { vault, values, wrong } = await lookAtValues(db, settings);
const keys = new KeyRotation({ db, vault, settings, log, sayKeys: async () => {} });
const isBetween = isBetweenKeys(vault) || (await keys.state()) !== null;
process.stdout.write(`${JSON.stringify({ values, wrong, isBetween } satisfies Found)}\n`);
await keys.resume();
await keys.settled();
await refuseToStandStill();
process.stdout.write('"begins"\n');
await keys.start(process.argv[2] === 'root' ? 'root' : 'data', 'owner');
await keys.settled();
await refuseToStandStill();
await db.close();

async function refuseToStandStill(): Promise<void> {
  const left = await keys.state();
  if (left) throw new Error(`It stands still: ${JSON.stringify(left)}`);
}
