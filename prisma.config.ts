import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';

// Prisma's CLI would download a native schema engine. This script takes its place: it speaks the same protocol and
// runs the WebAssembly engine that npm installed (docs/decisions/0002-prisma-without-downloads.md).
process.env.PRISMA_SCHEMA_ENGINE_BINARY = fileURLToPath(
  new URL('./prisma/schema-engine.ts', import.meta.url),
);

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  ...(process.env.DATABASE_URL ? { datasource: { url: process.env.DATABASE_URL } } : {}),
});
