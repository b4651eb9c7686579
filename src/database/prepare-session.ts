/** What holds in our sessions, whatever the server, the database or the role has for those of others. */
import type { ClientBase } from 'pg';

/**
 * Values come and go in these forms: Prisma writes times without a zone and means UTC, pg reads dates in ISO alone, and pg-boss
 * writes strings as the standard has them. And a session that waits for its next work is not ended meanwhile.
 */
const settings = [
  // Prisma names this schema; what goes without a name of a schema goes there too.
  'SET search_path = public',
  "SET TIME ZONE 'UTC'",
  "SET datestyle = 'ISO, YMD'",
  "SET intervalstyle = 'postgres'",
  "SET bytea_output = 'hex'",
  'SET extra_float_digits = 1',
  'SET standard_conforming_strings = on',
  'SET array_nulls = on',
  'SET idle_session_timeout = 0',
].join('; ');

export async function prepareSession(client: ClientBase): Promise<void> {
  await client.query(settings);
}
