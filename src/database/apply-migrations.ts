import type { MigrationList } from '@prisma/schema-engine-wasm';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { openSchemaEngine } from './schema-engine.ts';

/**
 * Applies those of `migrationsList` that the database does not have, each whole or not at all.
 *
 * @param begun those that an earlier try recorded and did not finish: nothing of them is there, so they are tried again
 * @returns the names of the applied ones
 * @throws AlfredError E_DATABASE naming the migration that failed and why
 */
export async function applyMigrations(
  url: string,
  migrationsList: MigrationList,
  log: Logger,
  begun: readonly string[] = [],
): Promise<string[]> {
  const { engine, close } = await openSchemaEngine(url, (line) => log.trace({ line }, 'schema engine'));
  try {
    for (const migrationName of begun) await engine.markMigrationRolledBack({ migrationName });
    const filters = { externalTables: [], externalEnums: [] };
    return (await engine.applyMigrations({ migrationsList, filters })).appliedMigrationNames;
  } catch (cause) {
    const name = /migration_name="([^"]+)"/.exec(messageOf(cause))?.[1];
    // The engine adds where in its own source it was.
    const [why] = messageOf(cause).split('\n   0: ');
    throw new AlfredError(
      'E_DATABASE',
      name
        ? `The migration ${name} failed, and changed nothing: ${why}`
        : `The migrations could not be applied: ${why}`,
      {
        remedy: 'The data is as it was: start the version of Alfred that ran before, and report this.',
        cause,
      },
    );
  } finally {
    await close();
  }
}
