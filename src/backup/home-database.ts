/** The database of a home, for who only reads it: of a VM that runs, or started for the moment. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { startEmbeddedPostgres } from '../database/embedded.ts';
import { readRunning, refuseAnother } from '../database/running-note.ts';
import { type OpenDatabase, startUnderLock } from '../database/start-under-lock.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import type { Settings } from '../kernel/settings.ts';
import { acquireHomeLock, readHomeLock } from '../processes/home-lock.ts';
import { finishSwap } from './swap-home.ts';

/**
 * Opens it. Nothing is migrated: what an older program left is read as it is.
 *
 * @throws AlfredError E_NOT_READY while a VM starts or stops, E_SETTINGS when it runs on a database that this program was not told of,
 *   E_BACKUP when there is none, E_DATABASE
 */
export async function openHomeDatabase(
  { home, databaseUrl }: Pick<Settings, 'home' | 'databaseUrl'>,
  { log, onProgress }: { log: Logger; onProgress: (line: string) => void },
): Promise<OpenDatabase> {
  if (databaseUrl !== undefined) return { url: databaseUrl, close: async () => {} };
  if (await readHomeLock(home)) return { url: await runningUrl(home), close: async () => {} };
  if (!existsSync(path.join(home, 'postgres'))) {
    throw new AlfredError('E_BACKUP', `No VM was ever started on ${home}: there is nothing to back up.`, {
      remedy: 'Set ALFRED_HOME to the home of the one you mean.',
    });
  }
  const lock = await acquireHomeLock(home, { onWait: onProgress });
  return startUnderLock(lock, async () => {
    await finishSwap(home);
    return await startEmbeddedPostgres({ home, log, onProgress });
  });
}

async function runningUrl(home: string): Promise<string> {
  const running = await readRunning(home);
  if (running) return running.url;
  await refuseAnother(home);
  throw new AlfredError('E_NOT_READY', `The VM on ${home} is starting or stopping just now.`, {
    remedy: 'Try again in a moment.',
  });
}
