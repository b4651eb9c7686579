#!/usr/bin/env bash
# @prisma/client 7.10.0: `@default(now())` is a default of the database (migrations write DEFAULT CURRENT_TIMESTAMP), and yet no row
# that the client makes has it: the client sends the time of its own machine with each INSERT. Of two machines, rows are in the order
# of their clocks.
. "$(dirname "$0")/lib.sh"
install prisma@7.10.0 @prisma/client@7.10.0 @prisma/adapter-pg@7.10.0 pg@8.23.1
cat > schema.prisma <<'SCHEMA'
generator client {
  provider = "prisma-client"
  output   = "./made"
}
datasource db {
  provider = "postgresql"
}
model Note {
  id        Int      @id
  createdAt DateTime @default(now())
}
SCHEMA
cat > prisma.config.ts <<'CONFIG'
export default { schema: './schema.prisma' };
CONFIG
# Nothing is migrated here: the engine for that, which is no npm package, is not needed.
export CHECKPOINT_DISABLE=1 PRISMA_HIDE_UPDATE_MESSAGE=1 PRISMA_SCHEMA_ENGINE_BINARY=/bin/true
prisma generate > generate.txt 2>&1 || { cat generate.txt; exit 1; }
run script.mjs <<'JS'
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
// A machine whose clock stands at the year 2000.
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length > 0 ? given : ['2000-01-01T00:00:00Z']));
  }
};
// A pool that notes what it is asked instead of asking a server.
const pool = new pg.Pool();
pool.query = async ({ text, values }) => {
  console.log(`sent: ${text}`);
  console.log(`with: ${JSON.stringify(values)}`);
  return { rows: [], fields: [] };
};
const { PrismaClient } = await import('./made/client.ts');
const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
await prisma.note.createMany({ data: [{ id: 1 }] });
JS
sees <<'SEEN'
sent: INSERT INTO "public"."Note" ("id","createdAt") VALUES ($1,$2)
with: [1,"2000-01-01 00:00:00"]
SEEN
