#!/usr/bin/env bash
# PostgreSQL 18.4 (embedded-postgres 18.4.0-beta.17) beside Node 24.21.0: three Unicodes and three ideas of letter case.
# The server has Unicode 16, the ICU in its package is of Unicode 10 (2017), Node has Unicode 17. C.UTF-8 maps letter by letter:
# ß has no capital, and a sigma at a word's end stays a middle one. So "the same but for case" differs by who is asked.
. "$(dirname "$0")/lib.sh"
. "$here/postgres.sh"
install "$postgres_package"
make_database
ask "SELECT json_build_object('icu', icu_unicode_version(), 'server', unicode_version())" > versions.json
for collation in pg_c_utf8 und-x-icu; do
  ask "SELECT json_build_object('lower', lower('ΣΟΦΟΣ İ' COLLATE \"$collation\"), 'upper', upper('straße ŉ ა' COLLATE \"$collation\"))" > "$collation.json"
done
run cases.mjs <<'JS'
import { readFileSync } from 'node:fs';
const read = (name) => JSON.parse(readFileSync(`${name}.json`, 'utf8'));
const { icu, server } = read('versions');
console.log(`Unicode: server ${server}, its ICU ${icu}, Node ${process.versions.unicode}`);
const say = (who, { lower, upper }) => console.log(`${who.padEnd(10)} lower ${lower}  upper ${upper}`);
say('C.UTF-8', read('pg_c_utf8'));
say('und-x-icu', read('und-x-icu'));
say('Node', { lower: 'ΣΟΦΟΣ İ'.toLowerCase(), upper: 'straße ŉ ა'.toUpperCase() });
JS
sees <<'SEEN'
Unicode: server 16.0, its ICU 10.0, Node 17.0
C.UTF-8    lower σοφοσ i  upper STRAßE ŉ Ა
und-x-icu  lower σοφος i̇  upper STRASSE ʼN ა
Node       lower σοφος i̇  upper STRASSE ʼN Ა
SEEN
