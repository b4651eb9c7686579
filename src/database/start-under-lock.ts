import type { HomeLock } from '../processes/home-lock.ts';
import type { EmbeddedPostgres } from './embedded.ts';

/** A database that is there until `close`, which gives back what was taken for it. */
export type OpenDatabase = { url: string; close(): Promise<void> };

/** Starts the PostgreSQL of a home whose lock is ours; the lock goes when the server has stopped, or could not be started. */
export async function startUnderLock(
  lock: HomeLock,
  start: () => Promise<EmbeddedPostgres>,
): Promise<OpenDatabase> {
  try {
    const server = await start();
    return {
      url: server.url,
      async close() {
        await server.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
