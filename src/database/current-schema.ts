import pg from 'pg';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import { readAppliedMigrations } from './applied-migrations.ts';
import { readMigrations } from './migrations.ts';
import { prepareSession } from './prepare-session.ts';

/**
 * Sees that a database has exactly the schema that this program knows, and changes nothing.
 *
 * @throws AlfredError E_DATABASE; E_SCHEMA_NEWER; E_NOT_READY while the VM has not brought it up to date
 */
export async function requireCurrentSchema(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  let applied: string[];
  try {
    await client.connect();
    await prepareSession(client);
    const present = await readAppliedMigrations(client);
    applied = present.filter(({ state }) => state === 'applied').map(({ name }) => name);
  } catch (cause) {
    throw new AlfredError('E_DATABASE', `The database does not answer: ${messageOf(cause)}`, {
      remedy: 'See that PostgreSQL is running and that DATABASE_URL names it.',
      cause,
    });
  } finally {
    await client.end();
  }
  const known = (await readMigrations()).migrationDirectories.map(({ path }) => path);
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new AlfredError(
      'E_SCHEMA_NEWER',
      `The database has migrations that this version does not know: ${unknown.join(', ')}.`,
      {
        remedy: 'Run workers of the same version as the VM.',
      },
    );
  }
  if (known.some((name) => !applied.includes(name))) {
    throw new AlfredError(
      'E_NOT_READY',
      'The database is not up to date: the VM of this version has not started on it yet.',
      {
        remedy: 'Start the VM first (npm start), then the workers.',
      },
    );
  }
}
