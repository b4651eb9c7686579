/**
 * One PostgreSQL for a whole test run, with a migrated template that every test file clones (database.ts). It lives in a
 * temporary folder and ends with the run, however that ends. The projects that need it share it: the first one starts it.
 *
 * ALFRED_TEST_DATABASE_URL names another server instead (of any version from 14 on), on which the role may make databases.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { getPriority, setPriority, tmpdir } from 'node:os';
import path from 'node:path';
import type { MigrationList } from '@prisma/schema-engine-wasm';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { coreMigrationsFolder } from '../../core/database.ts';
import { runProgram } from '../../scripts/make-once.ts';
import { startEmbeddedPostgres } from '../../src/database/embedded.ts';
import { migrateDatabase } from '../../src/database/migrate.ts';
import { readMigrations } from '../../src/database/migrations.ts';
import { createLogger } from '../../src/kernel/log.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where databases are made from. */
    serverUrl: string;
    /** The name of the migrated database that tests clone; nobody may stay connected to it. */
    templateName: string;
    /** The same with Core's schema. */
    coreTemplateName: string;
  }
}

export default async function setup({ vitest }: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (vitest.getRootProject().getProvidedContext().serverUrl) return;
  // Agents give way to everything else (src/agents/agent-process.ts), and would starve beside the other files' tests: here all are alike.
  if (getPriority() < 10) setPriority(10);
  // The program that whole tests start; the first of them would make it otherwise, and say so.
  await runProgram('scripts/generate.ts', []);
  const home = await mkdtemp(path.join(tmpdir(), 'alfred-test-'));
  const log = createLogger({ level: 'warn', format: 'json', redact: (line) => line });
  const given = process.env.ALFRED_TEST_DATABASE_URL;
  const postgres = given ? undefined : await startEmbeddedPostgres({ home, log, durable: false });
  const serverUrl = given ?? postgres?.url ?? '';

  const templateName = `template_${randomBytes(6).toString('hex')}`;
  const coreTemplateName = `${templateName}_core`;
  await makeTemplate(templateName, await readMigrations());
  await makeTemplate(coreTemplateName, await readMigrations(coreMigrationsFolder));

  async function makeTemplate(name: string, migrations: MigrationList): Promise<void> {
    await administer(serverUrl, `CREATE DATABASE ${name} TEMPLATE template0`);
    const template = new URL(serverUrl);
    template.pathname = `/${name}`;
    await migrateDatabase({ url: template.href, home, log, migrations });
  }

  vitest.provide('serverUrl', serverUrl);
  vitest.provide('templateName', templateName);
  vitest.provide('coreTemplateName', coreTemplateName);
  return async () => {
    for (const name of given ? [templateName, coreTemplateName] : []) {
      await administer(serverUrl, `DROP DATABASE ${name}`);
    }
    await postgres?.stop();
    await rm(home, { recursive: true, force: true });
  };
}

async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
