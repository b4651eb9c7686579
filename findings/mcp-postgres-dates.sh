#!/usr/bin/env bash
# @modelcontextprotocol/server-postgres 0.6.2: a date of PostgreSQL comes back as another day, by the zone of the machine. It is
# handed on as an instant, midnight where the server runs, written in UTC: east of Greenwich that is the evening before, and a
# timestamp without a zone is moved likewise. @bytebase/dbhub 1.4.0 gives both as they are. Numbers within jsonb lose digits in
# both; the same number in a column does not.
. "$(dirname "$0")/lib.sh"
. "$here/postgres.sh"
install "$postgres_package" @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/server-postgres@0.6.2 @bytebase/dbhub@1.4.0
make_database
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
as_nobody "$postgres_home/bin/postgres" -D data -h 127.0.0.1 -k '' -p "$port" > postgres.txt 2>&1 &
server=$!
end_server() { kill "$server"; wait "$server"; }
at_end+=(end_server)
until grep -q 'ready to accept' postgres.txt; do kill -0 "$server"; sleep 0.2; done
export port
run ask.mjs <<'JS'
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
const url = `postgresql://owner@127.0.0.1:${process.env.port}/postgres?sslmode=disable`;
const servers = {
  'server-postgres': { args: ['node_modules/@modelcontextprotocol/server-postgres/dist/index.js', url], tool: 'query' },
  dbhub: { args: ['node_modules/@bytebase/dbhub/dist/index.js', '--transport', 'stdio', '--dsn', url], tool: 'execute_sql' },
};
const sql = `select date '2026-03-01' as day, timestamp '2026-03-01 08:00' as time,
  9007199254740993::bigint as number, '{"number": 9007199254740993}'::jsonb as json`;
for (const [name, { args, tool }] of Object.entries(servers))
  for (const TZ of ['Europe/Berlin', 'America/New_York']) {
    const client = new Client({ name: 'c', version: '1' });
    await client.connect(new StdioClientTransport({ command: process.execPath, args, env: { TZ }, stderr: 'ignore' }));
    const { content } = await client.callTool({ name: tool, arguments: { sql } });
    const found = JSON.parse(content[0].text);
    const [row] = Array.isArray(found) ? found : found.data.statements[0].rows;
    console.log(`${name} in ${TZ}: ${JSON.stringify(row)}`);
    await client.close();
  }
JS
sees <<'SEEN'
server-postgres in Europe/Berlin: {"day":"2026-02-28T23:00:00.000Z","time":"2026-03-01T07:00:00.000Z","number":"9007199254740993","json":{"number":9007199254740992}}
server-postgres in America/New_York: {"day":"2026-03-01T05:00:00.000Z","time":"2026-03-01T13:00:00.000Z","number":"9007199254740993","json":{"number":9007199254740992}}
dbhub in Europe/Berlin: {"day":"2026-03-01","time":"2026-03-01 08:00:00","number":"9007199254740993","json":{"number":9007199254740992}}
dbhub in America/New_York: {"day":"2026-03-01","time":"2026-03-01 08:00:00","number":"9007199254740993","json":{"number":9007199254740992}}
SEEN
