/** Keeps the server running: when it ends without having been asked to, it is started again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { doubled } from '../kernel/backoff.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { endLeftover } from './leftover.ts';
import { type ServerPlace, type ServerProcess, startServer } from './postgres-server.ts';

export type SupervisedServer = { readonly pid: number; stop(): Promise<void> };

const patienceMs = 30_000;
/** Before it is started again: soon at first, and never given up, as nothing can be done without it. */
const backoff = { baseMs: 100, capMs: 15_000 };
/** A server that ran this long was healthy: what follows is a new failure, not the same one again. */
const healthyAfterMs = 60_000;

/**
 * Starts the server, and again whenever it dies.
 *
 * @throws AlfredError E_DATABASE when the first start fails
 */
export async function superviseServer(
  place: ServerPlace,
  { log, onProgress }: { log: Logger; onProgress: (line: string) => void },
): Promise<SupervisedServer> {
  let server = await startServer(place, onProgress);
  const stopping = new AbortController();
  const ended = keepRunning();

  async function keepRunning(): Promise<void> {
    for (let failures = 0; ; ) {
      const startedAt = performance.now();
      await server.exited;
      if (stopping.signal.aborted) return;
      failures = performance.now() - startedAt > healthyAfterMs ? 1 : failures + 1;
      log.error({ pid: server.pid, failures }, 'PostgreSQL ended by itself; starting it again');
      const next = await startAgain(failures);
      if (next === undefined) return;
      server = next;
      // Somebody may have asked for the end while it was starting.
      if (stopping.signal.aborted) server.signal('SIGINT');
    }
  }

  /** @returns undefined when the end was asked for */
  async function startAgain(before: number): Promise<ServerProcess | undefined> {
    for (let failures = before; ; failures++) {
      // Whoever asks for the end meanwhile waits for nothing.
      await sleep(doubled(failures, backoff), undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return undefined;
      try {
        await endLeftover(place.dataDir);
        return await startServer(place, onProgress);
      } catch (error) {
        log.fatal(
          { error: messageOf(error) },
          'PostgreSQL could not be started again; it is tried once more',
        );
      }
    }
  }

  return {
    get pid() {
      return server.pid;
    },
    async stop() {
      stopping.abort();
      // Fast shutdown; as if the power had failed when that takes too long.
      const impatience = setTimeout(() => server.signal('SIGQUIT'), patienceMs);
      server.signal('SIGINT');
      await ended;
      clearTimeout(impatience);
    },
  };
}
