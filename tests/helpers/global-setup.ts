/**
 * One PostgreSQL for a whole test run, with a migrated template that every test file clones (database.ts). It lives in a
 * temporary folder and ends with the run, however that ends.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/database/embedded.ts';
import { migrateDatabase } from '../../src/database/migrate.ts';
import { createLogger } from '../../src/kernel/log.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the template database; nobody may stay connected to it. */
    templateUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(path.join(tmpdir(), 'alfred-test-'));
  const log = createLogger({ level: 'warn', format: 'json', redact: (line) => line });
  const postgres = await startEmbeddedPostgres({ home, log, durable: false });

  const template = new URL(postgres.url);
  template.pathname = '/template';
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query('CREATE DATABASE template');
  await client.end();
  await migrateDatabase({ url: template.href, home, log });

  project.provide('templateUrl', template.href);
  return async () => {
    await postgres.stop();
    await rm(home, { recursive: true, force: true });
  };
}
