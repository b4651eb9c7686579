import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma-cli/config';
import { datasourceUrl } from './src/database/prisma-cli.ts';
import { readSettings } from './src/kernel/settings.ts';

// Prisma's CLI would download a native schema engine, and look for news of itself. This script takes the engine's
// place, with the WebAssembly that npm installed (docs/decisions/0002-prisma-without-downloads.md).
process.env.PRISMA_SCHEMA_ENGINE_BINARY = fileURLToPath(
  new URL('./prisma/schema-engine.ts', import.meta.url),
);
process.env.CHECKPOINT_DISABLE = '1';

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: datasourceUrl(readSettings(process.env)) },
});
