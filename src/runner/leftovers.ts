/** What dead workers of this home left in it: processes, folders of agents, sockets of model proxies. */
import { readdir, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { ownerOfRunFolder, runsFolder, shortId } from '../agents/run-folders.ts';
import type { Logger } from '../kernel/log.ts';
import { endStragglers } from '../processes/end-stragglers.ts';

/** A folder as young as this may still get its socket, in milliseconds. */
const youngMs = 60_000;

/**
 * Removes what belongs to none of `living`. Nothing of a worker that lives is touched, whoever calls this.
 *
 * @param living ids of workers
 */
export async function removeLeftovers(
  home: string,
  living: readonly string[],
  { log }: { log: Logger },
): Promise<void> {
  await endStragglers(home, { log, living });
  const owners = new Set(living.map(shortId));
  const runs = await namesIn(runsFolder(home));
  const dead = runs.filter((name) => !owners.has(ownerOfRunFolder(name)));
  await Promise.all(dead.map((name) => remove(path.join(runsFolder(home), name))));
  await removeDeadSockets(path.join(home, 'run'), 'model-');
  // Where a long home's sockets are (model/proxy/socket.ts).
  await removeDeadSockets('/tmp', 'alfred-model-');
}

/** Removes the folders of one worker's agents: once it has ended them all. */
export async function removeRunFolders(home: string, workerId: string): Promise<void> {
  const own = (await namesIn(runsFolder(home))).filter(
    (name) => ownerOfRunFolder(name) === shortId(workerId),
  );
  await Promise.all(own.map((name) => remove(path.join(runsFolder(home), name))));
}

const remove = (folder: string) => rm(folder, { recursive: true, force: true, maxRetries: 5 });

/** At a socket whose process is gone nobody answers. */
async function removeDeadSockets(folder: string, prefix: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!name.startsWith(prefix)) continue;
    const place = path.join(folder, name);
    const answer = await knock(path.join(place, 'model.sock'));
    const age = Date.now() - ((await stat(place).catch(() => undefined))?.mtimeMs ?? Date.now());
    if (answer === 'ECONNREFUSED' || (answer === 'ENOENT' && age > youngMs)) await remove(place);
  }
}

const knock = (socketPath: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
