/** Connections to a database, of the VM or of Core: in UTC, and without rows in their errors. */
import { EventEmitter } from 'node:events';
import pg from 'pg';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import { prepareSession } from './prepare-session.ts';

/**
 * Opens a pool and sees that the database answers.
 *
 * @param url postgresql://…; a Unix socket as `?host=/folder`
 * @throws AlfredError E_DATABASE when it cannot be reached
 */
export async function openPool(
  url: string,
  { connections, variable }: { connections: number; variable: string },
): Promise<pg.Pool> {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    application_name: 'alfred',
    // A server that is gone in mid-query is found out within a minute, not after the two hours of the system.
    ...{ keepAlive: true, keepAliveInitialDelayMillis: 30_000 },
    onConnect: prepareConnection,
  });
  // An idle connection that breaks is dropped by the pool, and the next query opens another or says why it cannot.
  pool.on('error', () => {});
  try {
    await pool.query('SELECT 1');
  } catch (cause) {
    await pool.end();
    throw new AlfredError('E_DATABASE', `The database does not answer: ${messageOf(cause)}`, {
      remedy: `See that PostgreSQL is running and that ${variable} names it.`,
      cause,
    });
  }
  return pool;
}

async function prepareConnection(client: pg.ClientBase): Promise<void> {
  // The pool takes its own listener off a client that it hands out: one that breaks between two queries of a transaction
  // would otherwise end the process. The next query on it says why it failed.
  client.on('error', () => {});
  keepRowsOutOfErrors(client);
  await prepareSession(client);
  // A transaction that asks for nothing else is READ COMMITTED, without a statement of its own that says so.
  await client.query("SET default_transaction_isolation = 'read committed'");
}

/**
 * The server describes a refused row with all its values ("Failing row contains (…)"), a secret perhaps among them, and
 * errors get logged: so it is dropped as it arrives.
 */
function keepRowsOutOfErrors(client: pg.ClientBase): void {
  const connection: unknown = Reflect.get(client, 'connection');
  if (!(connection instanceof EventEmitter))
    throw new Error('This version of pg keeps its connection elsewhere');
  connection.prependListener('errorMessage', (message: { detail?: string | undefined }) => {
    if (message.detail?.startsWith('Failing row')) message.detail = undefined;
  });
}
