#!/usr/bin/env bash
# PostgreSQL 18.4 (embedded-postgres 18.4.0-beta.17) beside Node 24.21.0: a column of milliseconds, `timestamptz(3)` (what Prisma makes of
# DateTime), is rounded and not cut off. Half of all rows that are given now() lie in the future of the statement that gave it: work that
# is due now is not due now (`due_at <= now()`), and the last half millisecond of a year is in the next one. Node cuts off.
. "$(dirname "$0")/lib.sh"
. "$here/postgres.sh"
install "$postgres_package"
make_database
ask "SELECT json_build_object('asked', count(*), 'due', count(*) FILTER (WHERE t::timestamptz(3) <= t), 'alike', count(*) FILTER (WHERE t::timestamptz(3) <= t::timestamptz(3))) FROM generate_series(0, 999) AS u, LATERAL (SELECT timestamptz '2026-01-01Z' + u * interval '1 microsecond' AS t)" > due.json
ask "SELECT json_build_object('column', extract(year FROM timestamptz(3) '2026-12-31 23:59:59.9996Z'))" > year.json
run rounds.mjs <<'JS'
import { readFileSync } from 'node:fs';
const read = (name) => JSON.parse(readFileSync(`${name}.json`, 'utf8'));
const { asked, due, alike } = read('due');
console.log(`of the ${asked} microseconds of a millisecond, kept in timestamptz(3):`);
console.log(`  ${due} are due at that time, ${alike} where the time that is asked for is a timestamptz(3) as well`);
console.log(`the year of 2026-12-31T23:59:59.9996Z: timestamptz(3) ${read('year').column}, Node ${new Date('2026-12-31T23:59:59.9996Z').getUTCFullYear()}`);
JS
sees <<'SEEN'
of the 1000 microseconds of a millisecond, kept in timestamptz(3):
  500 are due at that time, 1000 where the time that is asked for is a timestamptz(3) as well
the year of 2026-12-31T23:59:59.9996Z: timestamptz(3) 2027, Node 2026
SEEN
