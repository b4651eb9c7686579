import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma-cli/config';

// For `npx prisma … --config core/prisma.config.ts` with CORE_DATABASE_URL; the engine is ours, as for the VM (0002).
process.env.PRISMA_SCHEMA_ENGINE_BINARY = fileURLToPath(
  new URL('../prisma/schema-engine.ts', import.meta.url),
);
process.env.CHECKPOINT_DISABLE = '1';

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.CORE_DATABASE_URL ?? '' },
});
