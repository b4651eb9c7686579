/** Whether a server of the owner's is one that a VM can work on: asked at the start, before anything is written to it. */
import pg from 'pg';
import { AlfredError, messageOf } from '../kernel/errors.ts';

/** Sessions that a VM opens at most: for queries, for the queue, for notifications, and to ask whether the server hangs. */
const sessionsOfVm = 18;
/** Sessions that must be free now: with fewer not even the start comes through. */
const sessionsToStart = 8;

/**
 * @throws AlfredError E_DATABASE with what is to be done, when it cannot be reached, is not in UTF-8, lets this role make nothing,
 *   has too few sessions, or when what stands between gives each transaction another session
 */
export async function checkServer(url: string): Promise<void> {
  const first = await connect(url);
  try {
    const second = await connect(url);
    try {
      await refuseSharedSessions(first, second);
    } finally {
      await second.end();
    }
    refuseUnfit(await readServer(first));
  } finally {
    await first.end();
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'alfred start' });
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (cause) {
    await client.end().catch(() => {}); // it was never there
    const what = cause instanceof pg.DatabaseError ? 'lets nobody in' : 'does not answer';
    throw new AlfredError('E_DATABASE', `The database ${what}: ${messageOf(cause)}`, {
      remedy: remedyFor(cause),
      cause,
    });
  }
}

/** What to do where a connection is refused, by the code of PostgreSQL or of Node.js. */
const remedies: Record<string, string> = {
  '53300': `A VM needs up to ${sessionsOfVm} sessions: end others, or raise max_connections of PostgreSQL.`,
  '28P01':
    'See that DATABASE_URL has the role and its password as PostgreSQL has them; in it @ is written %40, : %3A, / %2F, # %23 and % %25.',
  '28000':
    'Have pg_hba.conf of PostgreSQL let this role in from here; one that wants encryption needs ?sslmode=verify-full behind DATABASE_URL.',
  '3D000': "Make it, and let the role own it: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0 OWNER ….",
};
const unknownCertificate =
  /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_TLS_CERT_ALTNAME_INVALID)$/;

function remedyFor(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (unknownCertificate.test(code))
    return 'Give the certificate of its CA, which its provider has, behind DATABASE_URL: ?sslmode=verify-full&sslrootcert=/path/ca.pem; sslmode=no-verify encrypts, and asks nobody who answers.';
  return remedies[code] ?? 'See that PostgreSQL is running and that DATABASE_URL names it.';
}

/** What of a connection is needed to tell whether its session is its own. */
type Asked = { query(sql: string): Promise<{ rows: { pid: number }[] }> };

/**
 * Two connections have two sessions, each the same from one statement to the next. A pooler that gives sessions to transactions
 * (PgBouncer's modes `transaction` and `statement`) gives one that is free to whoever comes: locks that are held for a session hold
 * nothing then, and notifications reach nobody.
 *
 * @throws AlfredError E_DATABASE
 */
export async function refuseSharedSessions(first: Asked, second: Asked): Promise<void> {
  const sessionOf = async (one: Asked) => (await one.query('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
  const before = await sessionOf(first);
  let other: number | undefined;
  let after: number | undefined;
  try {
    await second.query('BEGIN');
    other = await sessionOf(second);
    after = await sessionOf(first);
    await second.query('ROLLBACK');
  } catch (cause) {
    // PgBouncer's mode `statement` refuses to begin one.
    throw sharedSessions(cause);
  }
  if (other === before || after !== before) throw sharedSessions();
}

const sharedSessions = (cause?: unknown): AlfredError =>
  new AlfredError(
    'E_DATABASE',
    'DATABASE_URL leads to a pooler that gives each transaction another session: notifications would be lost, and locks would hold nothing.',
    {
      remedy:
        'Name PostgreSQL itself in DATABASE_URL, or set the pooler to sessions (PgBouncer: pool_mode = session).',
      cause,
    },
  );

/** What is asked of a server. */
export type Server = {
  encoding: string;
  role: string;
  name: string;
  isStandby: boolean;
  isReadOnly: boolean;
  mayMakeSchemas: boolean;
  mayMakeTables: boolean;
  limit: number;
  used: number;
};

async function readServer(client: pg.Client): Promise<Server> {
  const { rows } = await client.query<Server>(
    `SELECT current_setting('server_encoding') AS encoding, current_user AS role, current_database() AS name,
       pg_is_in_recovery() AS "isStandby", current_setting('transaction_read_only') = 'on' AS "isReadOnly",
       has_database_privilege(current_database(), 'CREATE') AS "mayMakeSchemas",
       coalesce(has_schema_privilege(to_regnamespace('public'), 'CREATE'), false) AS "mayMakeTables",
       least(
         current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
         (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database()),
         (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user)) AS "limit",
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::int AS used`,
  );
  const [server] = rows;
  if (!server) throw new Error('A SELECT without FROM gives one row');
  return server;
}

/** @throws AlfredError E_DATABASE */
export function refuseUnfit(server: Server): void {
  const { encoding, role, name, isStandby, isReadOnly } = server;
  const { mayMakeSchemas, mayMakeTables, limit, used } = server;
  const quotedRole = pg.escapeIdentifier(role);
  const database = pg.escapeIdentifier(name);
  if (encoding !== 'UTF8') {
    throw unfit(
      `The database "${name}" keeps text in ${encoding}: most of what people write would not go in.`,
      `Make another, and name it in DATABASE_URL: CREATE DATABASE alfred ENCODING 'UTF8' TEMPLATE template0.`,
    );
  }
  if (isStandby)
    throw unfit(
      `The server of the database "${name}" is a standby, which takes no writes.`,
      'Name its primary in DATABASE_URL.',
    );
  if (isReadOnly) {
    throw unfit(
      `The database "${name}" takes no writes: default_transaction_read_only is on. Some providers set it where the disk is full.`,
      `See to the disk; else, as its owner: ALTER DATABASE ${database} RESET default_transaction_read_only; and ALTER ROLE ${quotedRole} RESET default_transaction_read_only.`,
    );
  }
  if (!mayMakeSchemas || !mayMakeTables) {
    throw unfit(
      `The role "${role}" may not make ${mayMakeTables ? 'schemas' : 'tables'} in the database "${name}".`,
      `As its owner: GRANT CREATE ON DATABASE ${database} TO ${quotedRole}; and GRANT CREATE ON SCHEMA public TO ${quotedRole}.`,
    );
  }
  if (limit < sessionsOfVm || limit - used < sessionsToStart) {
    throw unfit(
      `PostgreSQL has ${limit} sessions for this role, ${used} of them in use: a VM needs up to ${sessionsOfVm}, and ${sessionsToStart} to start.`,
      'End others, or raise max_connections of PostgreSQL, CONNECTION LIMIT of the database or of the role.',
    );
  }
}

const unfit = (message: string, remedy: string): AlfredError =>
  new AlfredError('E_DATABASE', message, { remedy });
