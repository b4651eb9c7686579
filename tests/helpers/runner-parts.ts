/** What a VM process has around its runner, opened as vm.ts does. Knows nothing of vitest, so that a process of its own can use it. */
import type { TurnsHere } from '../../src/chat/turns-here.ts';
import { ConnectionPool, type PoolOptions } from '../../src/connections/pool/pool.ts';
import type { Database } from '../../src/database/client.ts';
import { type ExecutionFeed, openExecutionFeed } from '../../src/executions/execution-feed.ts';
import { createLogger, type Logger } from '../../src/kernel/log.ts';
import { readSettings, type Settings } from '../../src/kernel/settings.ts';
import { startModelProxy } from '../../src/model/proxy/model-proxy.ts';
import type { ModelProxy } from '../../src/model/tickets.ts';
import { openQueue, type Queue } from '../../src/queue/queue.ts';
import { noRetries } from '../../src/runner/retry.ts';
import { createRoster } from '../../src/runner/roster.ts';
import { createRunner, type Runner, type RunnerDeps } from '../../src/runner/runner.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import type { Vault } from '../../src/vault/vault.ts';

/** What a VM process has, on a database and a home. */
export type RunnerParts = {
  vault: Vault;
  log: Logger;
  settings: Settings;
  queue: Queue;
  feed: ExecutionFeed;
  pool: ConnectionPool;
  proxy: ModelProxy;
  runner: Runner;
  turns: TurnsHere;
  close(): Promise<void>;
};

export type RunnerOptions = {
  env?: Record<string, string>;
  pool?: Partial<PoolOptions>;
  /** Without retries, unless given. */
  runner?: Partial<Pick<RunnerDeps, 'retryDelays' | 'sweepEveryMs'>>;
  roster?: { lookEveryMs?: number };
  destination?: NodeJS.WritableStream;
};

/** Opens the parts as vm.ts does. The runner is not started. */
export async function openRunnerParts(
  db: Database,
  home: string,
  {
    env = {},
    pool: poolOptions = {},
    runner: runnerOptions = {},
    roster: rosterOptions = {},
    destination = process.stderr,
  }: RunnerOptions = {},
): Promise<RunnerParts> {
  const settings = {
    ...readSettings({ ALFRED_HOME: home, ALFRED_SPARE_AGENTS: '0', ...env }),
    childEnvironment: readSettings(process.env).childEnvironment,
  };
  // What is logged is looked at as it was meant, before the redactor saw it.
  const level = env.ALFRED_LOG_LEVEL ?? 'trace';
  const log = createLogger({ level, format: 'json', redact: (line) => line, destination });
  const vault = await openVault({ db, settings, log });
  const queue = await openQueue({ url: db.url, log });
  const feed = await openExecutionFeed(db.url);
  const proxy = await startModelProxy({ db, vault, log, settings });
  const roster = createRoster({ db, log, kind: 'vm', vault, ...rosterOptions });
  await roster.join();
  const pool = new ConnectionPool(
    { db, vault, log, home },
    {
      owner: roster.workerId,
      childEnvironment: settings.childEnvironment,
      backoff: { baseMs: 50, capMs: 200 },
      ...poolOptions,
    },
  );
  const runner = createRunner({
    db,
    vault,
    queue,
    pool,
    proxy,
    roster,
    log,
    settings,
    retryDelays: noRetries,
    ...runnerOptions,
  });
  return {
    vault,
    log,
    settings,
    queue,
    feed,
    pool,
    proxy,
    runner,
    turns: runner.turns,
    async close() {
      await runner.stop();
      await pool.close();
      await proxy.close();
      await feed.close();
      await queue.stop();
      await roster.leave();
    },
  };
}
