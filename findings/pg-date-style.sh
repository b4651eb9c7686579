#!/usr/bin/env bash
# pg 8.23.1 beside PostgreSQL 18.4 (embedded-postgres 18.4.0-beta.17): a timestamp is read in the DateStyle ISO alone. Where the server,
# the database or the role has another (ALTER DATABASE … SET datestyle), what reads it gives null for a time that is there, and no error; pg
# asks for no style of its own when it connects.
. "$(dirname "$0")/lib.sh"
. "$here/postgres.sh"
install "$postgres_package" pg@8.23.1
make_database
for style in 'ISO, DMY' 'German' 'SQL, DMY' 'SQL, MDY' 'Postgres, DMY'; do
  # Statements end with a semicolon and an empty line there.
  ask "SET DateStyle = '$style';

SET TimeZone = 'UTC';

SELECT '$style|' || timestamptz '2026-02-03 04:05:06Z' || '|' || date '2026-02-03'" >> styles.txt
done
run styles.mjs <<'JS'
import { readFileSync } from 'node:fs';
import pg from 'pg';
const { TIMESTAMPTZ, DATE } = pg.types.builtins;
const read = (type, text) => {
  const value = pg.types.getTypeParser(type)(text);
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : String(value);
};
for (const line of readFileSync('styles.txt', 'utf8').trim().split('\n')) {
  const [style, time, date] = line.split('|');
  console.log(`${style}: ${time} is ${read(TIMESTAMPTZ, time)}, ${date} is ${read(DATE, date)}`);
}
JS
sees <<'SEEN'
ISO, DMY: 2026-02-03 04:05:06+00 is 2026-02-03T04:05:06.000Z, 2026-02-03 is 2026-02-03T00:00:00.000Z
German: 03.02.2026 04:05:06 UTC is null, 03.02.2026 is null
SQL, DMY: 03/02/2026 04:05:06 UTC is null, 03/02/2026 is null
SQL, MDY: 02/03/2026 04:05:06 UTC is null, 02/03/2026 is null
Postgres, DMY: Tue 03 Feb 04:05:06 2026 UTC is null, 03-02-2026 is null
SEEN
