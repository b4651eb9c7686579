/** Keeps the server running: when it ends without having been asked to, it is started again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { endLeftover } from './leftover.ts';
import { type ServerPlace, type ServerProcess, startServer } from './postgres-server.ts';

export type SupervisedServer = { readonly pid: number; stop(): Promise<void> };

const patienceMs = 30_000;
const restartsInARow = 5;
/** A server that ran this long was healthy: what follows is a new failure, not the same one again. */
const healthyAfterMs = 60_000;

/**
 * Starts the server, and again when it dies.
 *
 * @throws AlfredError E_DATABASE when the first start fails
 */
export async function superviseServer(
  place: ServerPlace,
  { log, onProgress }: { log: Logger; onProgress: (line: string) => void },
): Promise<SupervisedServer> {
  let server = await startServer(place, onProgress);
  let stopping = false;
  const ended = keepRunning();

  async function keepRunning(): Promise<void> {
    for (let failures = 0; ; ) {
      const startedAt = Date.now();
      await server.exited;
      if (stopping) return;
      failures = Date.now() - startedAt > healthyAfterMs ? 1 : failures + 1;
      if (failures > restartsInARow) {
        log.fatal({ pid: server.pid }, 'PostgreSQL keeps ending; it is not started again');
        return;
      }
      log.error({ pid: server.pid, failures }, 'PostgreSQL ended by itself; starting it again');
      await sleep(100 * 2 ** (failures - 1));
      const next = await startAgain();
      if (next === undefined) return;
      server = next;
      // Somebody may have asked for the end while it was starting.
      if (stopping) server.signal('SIGINT');
    }
  }

  async function startAgain(): Promise<ServerProcess | undefined> {
    try {
      await endLeftover(place.dataDir);
      return stopping ? undefined : await startServer(place, onProgress);
    } catch (error) {
      log.fatal({ error: messageOf(error) }, 'PostgreSQL could not be started again');
      return undefined;
    }
  }

  return {
    get pid() {
      return server.pid;
    },
    async stop() {
      stopping = true;
      // Fast shutdown; as if the power had failed when that takes too long.
      const impatience = setTimeout(() => server.signal('SIGQUIT'), patienceMs);
      server.signal('SIGINT');
      await ended;
      clearTimeout(impatience);
    },
  };
}
