#!/usr/bin/env bash
# Node 24.21.0 beside PostgreSQL 18.4 (embedded-postgres 18.4.0-beta.17): the same instant in the "same" zone is another time.
# Both carry time zone data of their own. PostgreSQL's `AT TIME ZONE` takes abbreviations for fixed offsets: CET is never summer
# time, and IST is Israel where Node has India. And its data is older: since November 2026 Edmonton and Casablanca are an hour apart.
. "$(dirname "$0")/lib.sh"
. "$here/postgres.sh"
install "$postgres_package"
make_database
zones="'Europe/Berlin','CET','EET','PST','IST','BST','AST','NST','America/Edmonton','Africa/Casablanca'"
for instant in 2026-07-15T12:00:00Z 2026-11-28T12:00:00Z; do
  ask "SELECT json_object_agg(z, to_char(timestamptz '$instant' AT TIME ZONE z, 'DD HH24:MI')) FROM unnest(array[$zones]) z" > "$instant.json"
done
run zones.mjs <<'JS'
import { readFileSync } from 'node:fs';
for (const instant of ['2026-07-15T12:00:00Z', '2026-11-28T12:00:00Z']) {
  console.log(instant);
  for (const [timeZone, postgres] of Object.entries(JSON.parse(readFileSync(`${instant}.json`, 'utf8')))) {
    const format = new Intl.DateTimeFormat('en', { timeZone, day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    const part = Object.fromEntries(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
    const node = `${part.day} ${part.hour}:${part.minute}`;
    console.log(`  ${timeZone.padEnd(18)} Node ${node}  PostgreSQL ${postgres}${node === postgres ? '' : '  differs'}`);
  }
}
console.log(`Node's zone data is ${process.versions.tz}`);
JS
sees <<'SEEN'
2026-07-15T12:00:00Z
  Europe/Berlin      Node 15 14:00  PostgreSQL 15 14:00
  CET                Node 15 14:00  PostgreSQL 15 13:00  differs
  EET                Node 15 15:00  PostgreSQL 15 14:00  differs
  PST                Node 15 05:00  PostgreSQL 15 04:00  differs
  IST                Node 15 17:30  PostgreSQL 15 14:00  differs
  BST                Node 15 18:00  PostgreSQL 15 13:00  differs
  AST                Node 15 04:00  PostgreSQL 15 08:00  differs
  NST                Node 16 00:00  PostgreSQL 15 08:30  differs
  America/Edmonton   Node 15 06:00  PostgreSQL 15 06:00
  Africa/Casablanca  Node 15 13:00  PostgreSQL 15 13:00
2026-11-28T12:00:00Z
  Europe/Berlin      Node 28 13:00  PostgreSQL 28 13:00
  CET                Node 28 13:00  PostgreSQL 28 13:00
  EET                Node 28 14:00  PostgreSQL 28 14:00
  PST                Node 28 04:00  PostgreSQL 28 04:00
  IST                Node 28 17:30  PostgreSQL 28 14:00  differs
  BST                Node 28 18:00  PostgreSQL 28 13:00  differs
  AST                Node 28 03:00  PostgreSQL 28 08:00  differs
  NST                Node 29 01:00  PostgreSQL 28 08:30  differs
  America/Edmonton   Node 28 06:00  PostgreSQL 28 05:00  differs
  Africa/Casablanca  Node 28 12:00  PostgreSQL 28 13:00  differs
Node's zone data is 2026c
SEEN
