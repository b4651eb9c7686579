/** Which processes work on this database, and which keys each of them holds. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';

export type Holder = {
  kind: string;
  process: string;
  host: string | null;
  startedAt: Date;
  /** Which keyring; null of a program that knows of no change of keys. */
  keys: number | null;
  /** The fingerprint of the root key that it has. */
  rootKey: string | null;
};

export const readHolders = ({ prisma }: Pick<Database, 'prisma'>): Promise<Holder[]> =>
  prisma.worker.findMany({
    orderBy: { startedAt: 'asc' },
    select: { kind: true, process: true, host: true, startedAt: true, keys: true, rootKey: true },
  });

/** Its number on its machine. */
export const pidOf = ({ process }: Pick<Holder, 'process'>): number => Number(process.split(':')[0]);

const nameOf = (holder: Holder): string => {
  const what = holder.keys === null ? 'an older program' : holder.kind === 'vm' ? 'a VM' : 'a worker';
  const where = holder.host === null ? '' : ` on ${holder.host}`;
  return `${what}, process ${pidOf(holder)}${where} since ${holder.startedAt.toISOString()}`;
};

/** Says who stands in the way, and what to do about it. */
const keyInUse = (holders: readonly Holder[], remedy: string): AlfredError =>
  new AlfredError('E_KEY_IN_USE', `An old key is still held by ${holders.map(nameOf).join('; and by ')}.`, {
    remedy,
  });

/** @throws AlfredError E_KEY_IN_USE naming programs that cannot follow a change of keys */
export async function refuseOlderPrograms(db: Pick<Database, 'prisma'>): Promise<void> {
  const older = (await readHolders(db)).filter(({ keys }) => keys === null);
  if (older.length === 0) return;
  throw keyInUse(older, 'End it, or wait half a minute where it has ended already; then try again.');
}

export type Waiting = {
  db: Database;
  signal: AbortSignal;
  /** How long at most, in milliseconds. */
  patienceMs: number;
  onWait: (behind: readonly Holder[]) => void;
};

const lookEveryMs = 50;

/**
 * Waits until every process holds the keys that `isCurrent` asks for.
 *
 * @throws AlfredError E_KEY_IN_USE naming who does not, E_CANCELLED after `signal`
 */
export async function waitForHolders(
  { db, signal, patienceMs, onWait }: Waiting,
  isCurrent: (holder: Holder) => boolean,
): Promise<void> {
  const began = performance.now();
  for (;;) {
    const behind = (await readHolders(db)).filter((holder) => !isCurrent(holder));
    onWait(behind);
    if (behind.length === 0) return;
    if (signal.aborted) throw new AlfredError('E_CANCELLED', 'The VM stops; it goes on at the next start');
    if (performance.now() - began >= patienceMs) {
      throw keyInUse(
        behind,
        'See that it can read the root key of this VM, or end it; then give the command again: it goes on where it was.',
      );
    }
    await sleep(lookEveryMs);
  }
}
