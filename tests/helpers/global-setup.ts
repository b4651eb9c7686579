/**
 * One PostgreSQL for a whole test run, with a migrated template that every test file clones (database.ts), and a copy of its
 * data folder for the VMs of tests (vm.ts). It lives in a temporary folder and ends with the run, however that ends. The
 * projects that need it share it: the first one starts it.
 *
 * ALFRED_TEST_DATABASE_URL names another server instead (of any version from 14 on), on which the role may make databases.
 */
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { getPriority, setPriority, tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { coreMigrationsFolder } from '../../core/database.ts';
import { runProgram } from '../../scripts/make-once.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded.ts';
import { migrateDatabase } from '../../src/database/migrate.ts';
import { readMigrations } from '../../src/database/migrations.ts';
import { createLogger, type Logger } from '../../src/kernel/log.ts';
import { openQueue } from '../../src/queue/queue.ts';
import { preparedData } from './prepared-data.ts';

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
  const postgres = given ? undefined : await startServer(home, log);
  const serverUrl = given ?? postgres?.url ?? '';

  const templateName = `template_${randomBytes(6).toString('hex')}`;
  const coreTemplateName = `${templateName}_core`;
  if (postgres) await administer(serverUrl, `CREATE DATABASE ${templateName} TEMPLATE alfred`);
  else await fill(await makeDatabase(templateName), { home, log });
  const coreUrl = await makeDatabase(coreTemplateName);
  await migrateDatabase({ url: coreUrl, home, log, migrations: await readMigrations(coreMigrationsFolder) });

  async function makeDatabase(name: string): Promise<string> {
    await administer(serverUrl, `CREATE DATABASE ${name} TEMPLATE template0`);
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    return url.href;
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

/**
 * Starts the server with the tables in its database, having copied its data folder while it stood still: VMs that begin with a
 * copy have neither to make it nor to migrate, which is half of a first start.
 */
async function startServer(home: string, log: Logger): Promise<EmbeddedPostgres> {
  const options = { home, log, durable: false };
  const first = await startEmbeddedPostgres(options);
  await fill(first.url, options);
  await first.stop();
  // Where it runs as a user of its own, its data is not in the home, nor could a VM's be.
  if (!existsSync(path.join(home, 'postgres/elsewhere'))) {
    const copy = path.join(home, 'prepared');
    cpSync(first.dataDir, copy, { recursive: true });
    process.env[preparedData] = copy;
  }
  return await startEmbeddedPostgres(options);
}

/** Makes the VM's tables, and those of its queue. */
async function fill(url: string, { home, log }: { home: string; log: Logger }): Promise<void> {
  await migrateDatabase({ url, home, log, migrations: await readMigrations() });
  const queue = await openQueue({ url, log });
  await queue.stop();
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
