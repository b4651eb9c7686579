#!/usr/bin/env bash
# @prisma/adapter-pg 7.10.0: `executeScript` cuts its text at every semicolon, within a function's body and within a string too,
# and sends the pieces one by one, outside a transaction. A script of two right statements arrives as five that
# are none.
. "$(dirname "$0")/lib.sh"
install @prisma/adapter-pg@7.10.0 pg@8.23.1
run script.mjs <<'JS'
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
// A pool that notes what it is asked instead of asking a server.
const pool = new pg.Pool();
pool.query = async (statement) => {
  console.log(`sent: ${typeof statement === 'string' ? statement : statement.text}`);
  return { rows: [], fields: [] };
};
const adapter = await new PrismaPg(pool).connect();
await adapter.executeScript(`CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := now(); RETURN NEW; END $$;
INSERT INTO words VALUES ('one; two');`);
JS
sees <<'SEEN'
sent: CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := now()
sent: RETURN NEW
sent: END $$
sent: INSERT INTO words VALUES ('one
sent: two')
SEEN
