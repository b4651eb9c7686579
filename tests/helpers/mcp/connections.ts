/** Connections with all that is behind them: a database, a vault, a pool, a home. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createConnection, type Who } from '../../../src/connections/create-connection.ts';
import { type ConnectionDeps, ConnectionPool, type PoolOptions } from '../../../src/connections/pool/pool.ts';
import type { ConnectionInput } from '../../../src/contract/connection-types.ts';
import { createLogger } from '../../../src/kernel/log.ts';
import { readSettings } from '../../../src/kernel/settings.ts';
import { openVault } from '../../../src/vault/open-vault.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { keptLines } from '../kept-lines.ts';
import { childEnvironment, hostileServer } from './stdio-link.ts';

export const owner: Who = { actor: 'owner', mayApprove: true };
export const guest: Who = { actor: 'token', mayApprove: false };

export type ConnectionBench = {
  deps: ConnectionDeps & { pool: ConnectionPool; db: TestDatabase };
  home: string;
  /** All that was logged, as JSON lines. */
  logged: () => string;
  /** Makes an approved connection to the hostile server in one of its modes. */
  addHostile(
    name: string,
    mode?: string,
    argument?: string,
    config?: Partial<ConnectionInput['config']>,
  ): Promise<void>;
  /** Another pool on the same database and home, closed with the bench. */
  addPool(options: Partial<PoolOptions>): ConnectionPool;
  close(): Promise<void>;
};

export async function createConnectionBench(options: Partial<PoolOptions> = {}): Promise<ConnectionBench> {
  const home = await realpath(await mkdtemp(path.join(tmpdir(), 'alfred-connections-')));
  const db = await createTestDatabase();
  const { destination, logged } = keptLines();
  const log = createLogger({ level: 'debug', format: 'json', redact: (line) => line, destination });
  const vault = await openVault({ db, settings: readSettings({ ALFRED_HOME: home }), log });
  const base = { db, vault, log, home };
  const pools: ConnectionPool[] = [];
  const addPool = (more: Partial<PoolOptions>) => {
    const pool = new ConnectionPool(base, {
      childEnvironment,
      backoff: { baseMs: 50, capMs: 200 },
      ...options,
      ...more,
    });
    pools.push(pool);
    return pool;
  };
  const deps = { ...base, pool: addPool({}) };
  return {
    deps,
    home,
    logged,
    addPool,
    async addHostile(name, mode = 'well', argument = '', config = {}) {
      await createConnection(
        deps,
        {
          name,
          type: 'mcp_stdio',
          config: {
            command: 'node',
            args: [hostileServer, mode, argument],
            env: {},
            secrets: {},
            sandbox: 'off',
            ...config,
          },
          isActive: true,
        },
        owner,
      );
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.close()));
      await db.drop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
