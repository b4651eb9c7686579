/** What runs executions, in whichever process: queue, model proxy, connections, runner. Used by vm.ts and worker.ts alone. */
import type { TellOfLogin } from '../connections/login/login-ends.ts';
import { ConnectionPool } from '../connections/pool/pool.ts';
import type { Database } from '../database/client.ts';
import type { Closers } from '../kernel/closers.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import type { Settings } from '../kernel/settings.ts';
import { startModelProxy } from '../model/proxy/model-proxy.ts';
import type { ModelProxy } from '../model/tickets.ts';
import { announce } from '../queue/announce.ts';
import { openQueue, type Queue } from '../queue/queue.ts';
import { removeLeftovers } from '../runner/leftovers.ts';
import { createRoster } from '../runner/roster.ts';
import { createRunner, type Runner } from '../runner/runner.ts';
import type { Vault } from '../vault/vault.ts';
import { watchSecrets } from '../vault/watch-secrets.ts';

export type WorkerGround = {
  kind: 'vm' | 'worker';
  db: Database;
  vault: Vault;
  log: Logger;
  closers: Closers;
  /** The database's folders: no server of a connection sees them. */
  hide: (string | undefined)[];
};

export type WorkerParts = {
  workerId: string;
  queue: Queue;
  proxy: ModelProxy;
  pool: ConnectionPool;
  runner: Runner;
  /** Has the roster know which keys this process holds. */
  sayKeys(): Promise<void>;
};

/**
 * Opens the parts, and ends what dead workers left on this home. The runner is not started; `closers` stops all of it.
 *
 * @throws AlfredError E_DATABASE
 */
export async function openWorker(ground: WorkerGround, settings: Settings): Promise<WorkerParts> {
  const { kind, db, vault, log, closers } = ground;
  const { home } = settings;
  const roster = createRoster({ db, log, kind, vault });
  await roster.join();
  // The last to go: until then its processes are its own.
  closers.add('roster', () => roster.leave());
  const queue = await openQueue({ url: db.url, log });
  closers.add('queue', () => queue.stop(), 30_000);
  const proxy = await startModelProxy({ db, vault, log, settings });
  closers.add('model proxy', () => proxy.close());
  await removeLeftovers(home, await roster.living(), { log });
  const { rootKey } = settings;
  const hide = [rootKey.file, rootKey.credentialsDirectory, ...ground.hide, proxy.socketPath];
  const pool = new ConnectionPool(
    { db, vault, log, home },
    {
      childEnvironment: settings.childEnvironment,
      owner: roster.workerId,
      hide: hide.filter((place) => place !== undefined),
      tellOfLogin: tellOfLogins(queue),
    },
  );
  closers.add('connections', () => pool.close(), 20_000);
  const secrets = await watchSecrets(
    { db, vault, log, settings },
    {
      onKeys: () => roster.sayKeys(),
      onConnection: (name) =>
        void pool.refresh(name).catch((error: unknown) => {
          log.warn(`connections could not be compared with their rows: ${messageOf(error)}`);
        }),
    },
  );
  closers.add('secrets', () => secrets.close());
  const runner = createRunner({ db, vault, queue, pool, proxy, roster, log, settings });
  closers.add('runner', () => runner.stop(), 30_000);
  return { workerId: roster.workerId, queue, proxy, pool, runner, sayKeys: () => roster.sayKeys() };
}

/** Has the owner told of connections that want a sign-in. */
export const tellOfLogins =
  (queue: Queue): TellOfLogin =>
  (tx, connection, detail) =>
    announce({ queue, tx }, { event: 'needs_login', connection, detail });
