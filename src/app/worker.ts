/**
 * One more process that runs executions: the queue, the model proxy, connections and a runner, on the database and the home
 * of a VM. It answers no requests, fires no schedules and changes no schema; it is started as often as wanted.
 */

import { checkServer } from '../database/check-server.ts';
import { openDatabase } from '../database/client.ts';
import { requireCurrentSchema } from '../database/current-schema.ts';
import { readRunning, refuseAnother } from '../database/running-note.ts';
import { Closers } from '../kernel/closers.ts';
import { AlfredError } from '../kernel/errors.ts';
import { createLogger, type Logger } from '../kernel/log.ts';
import type { Settings } from '../kernel/settings.ts';
import { openVault } from '../vault/open-vault.ts';
import { Redactor } from '../vault/redact.ts';
import { findRootKey } from '../vault/root-key.ts';
import { goByDatabase, type StartOptions, stopIfAborted } from './foundation.ts';
import { openWorker } from './open-worker.ts';

export type Worker = {
  log: Logger;
  /** Hands its runs back, and stops everything. Harmless when called again. */
  close(): Promise<void>;
};

/**
 * Starts a worker on `settings.home` and its VM's database.
 *
 * @throws AlfredError E_NOT_RUNNING when DATABASE_URL is unset and no VM runs on this home; E_SETTINGS when
 *   that runs on a database of its own; E_KEY_MISSING, E_WRONG_KEY,
 *   E_NOT_READY, E_SCHEMA_NEWER, E_DATABASE
 */
export async function startWorker(settings: Settings, options: StartOptions = {}): Promise<Worker> {
  const { onProgress = () => {}, logTo = {}, signal } = options;
  const redactor = new Redactor();
  const log = createLogger({ ...settings.log, redact: (line) => redactor.line(line), ...logTo });
  const closers = new Closers();
  try {
    const { url, hide } = await findDatabase(settings);
    onProgress('looking at the database');
    if (settings.databaseUrl !== undefined) await checkServer(settings.databaseUrl);
    await requireCurrentSchema(url);
    const db = await openDatabase(url);
    closers.add('database client', () => db.close());
    await goByDatabase({ db, log }, closers);
    stopIfAborted(signal);
    onProgress('opening the vault');
    if (!(await findRootKey(settings))) {
      throw new AlfredError('E_KEY_MISSING', `There is no root key in ${settings.home}.`, {
        remedy: "A worker needs the VM's home, or its root key put into its own home by hand.",
      });
    }
    const vault = await openVault({ db, settings, log, redactor });
    onProgress('starting the runner');
    const { runner } = await openWorker({ kind: 'worker', db, vault, log, closers, hide }, settings);
    stopIfAborted(signal);
    await runner.start();
    return { log, close: () => closers.close(log) };
  } catch (error) {
    await closers.close(log);
    throw error;
  }
}

/** DATABASE_URL, or the embedded server of the home, which its VM has started. @throws AlfredError E_NOT_RUNNING, E_SETTINGS */
async function findDatabase({ home, databaseUrl }: Settings): Promise<{ url: string; hide: string[] }> {
  if (databaseUrl !== undefined) return { url: databaseUrl, hide: [] };
  const running = await readRunning(home);
  if (running) return { url: running.url, hide: [running.socketDir, running.dataDir] };
  await refuseAnother(home);
  throw new AlfredError('E_NOT_RUNNING', `No VM runs on ${home}, and DATABASE_URL is not set.`, {
    remedy: 'Start the VM first (npm start), or set DATABASE_URL.',
  });
}
