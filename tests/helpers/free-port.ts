/** A port for a program that is told one, as it takes none by itself. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below those that the system gives out by itself (32,768 and on, on Linux): of these one that was free a moment ago is somebody's
 * end of a connection before the program listens.
 */
const [lowest, highest] = [15_000, 32_000];

/** At which nobody listens, on any address. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(lowest, highest);
    const probe = createServer().listen(port);
    const isFree = await once(probe, 'listening').then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRINUSE') throw error;
        return false;
      },
    );
    if (!isFree) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}
