/** A database, a vault and a pool as a VM has them, without the rest of it. */
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { mkdtemp, realpath } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ConnectionDeps, ConnectionPool } from '../../src/connections/pool/pool.ts';
import { openDatabase } from '../../src/database/client.ts';
import { startEmbeddedPostgres } from '../../src/database/embedded.ts';
import { migrateDatabase } from '../../src/database/migrate.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { readSettings } from '../../src/kernel/settings.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import { makeFixtures } from './fixtures.ts';

export type Bench = {
  scratch: string;
  deps: ConnectionDeps;
  pool: ConnectionPool;
  /** The environment that servers are started with on both sides. */
  environment: Record<string, string>;
  /** The address of a web server that answers everything with `{}`: what many look for at their start. */
  server: string;
  /** A new folder with the same few files in it. */
  folder(name: string): string;
  close(): Promise<void>;
};

export async function openBench(scratch: string): Promise<Bench> {
  const home = await realpath(await mkdtemp(path.join(tmpdir(), 'alfred-compat-')));
  const owner = path.join(scratch, 'home');
  mkdirSync(owner, { recursive: true });
  const log = createLogger({ level: 'fatal', format: 'json', redact: (line) => line });
  const postgres = await startEmbeddedPostgres({ home, log });
  await migrateDatabase({ url: postgres.url, home, log });
  const db = await openDatabase(postgres.url);
  const settings = readSettings({ PATH: process.env.PATH ?? '', HOME: owner, ALFRED_HOME: home });
  const vault = await openVault({ db, settings, log });
  const deps = { db, vault, log, home };
  const pool = new ConnectionPool(deps, { childEnvironment: settings.childEnvironment });
  const web = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(web, 'listening');
  const server = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  return {
    scratch,
    deps,
    pool,
    environment: { PATH: process.env.PATH ?? '', HOME: owner },
    server,
    folder(name) {
      const folder = path.join(scratch, 'folders', name);
      makeFixtures(folder, server);
      return folder;
    },
    async close() {
      web.closeAllConnections();
      web.close();
      await pool.close();
      await db.close();
      await postgres.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
