/**
 * Who works on this database. Every worker has a row and counts up in it while it lives. Whoever sees that another's process
 * is gone (on the same machine), or that it no longer counts, takes its row away, and with it its claims: its runs go on
 * elsewhere. No clocks are compared: only looks at which the database answered count, so that neither a clock that jumps
 * nor a database that was away ever makes a living worker dead.
 */

import { hostname } from 'node:os';
import type { Database } from '../database/client.ts';
import { timeNow } from '../kernel/clock.ts';
import { messageOf } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { Logger } from '../kernel/log.ts';
import { type Repeat, repeat } from '../kernel/repeat.ts';
import { identityOf, isProcessThere, machineOf } from '../processes/process-identity.ts';
import type { Vault } from '../vault/vault.ts';

export type RosterDeps = {
  db: Database;
  log: Logger;
  kind: 'vm' | 'worker';
  /** Whose keys this worker holds: it says which. */
  vault: Pick<Vault, 'keys' | 'fingerprint'>;
  lookEveryMs?: number;
};

export type Roster = {
  readonly workerId: string;
  /** Enters this worker, and takes those away whose processes are gone. @throws what the database throws */
  join(): Promise<void>;
  /** Says which keys this worker holds, as soon as they are others. @throws what the database throws */
  sayKeys(): Promise<void>;
  /** Counts and looks from now on. `onLost`: this worker was taken for dead. `onBuried`: others were dead. */
  watch(tell: { onLost(): void; onBuried(): void }): void;
  /** Everybody who is not known to be dead, this worker among them. */
  living(): Promise<string[]>;
  /** Ends it: whatever it still holds is anybody's. */
  leave(): Promise<void>;
};

const usualLookMs = 5_000;
/** So many looks without a sign of life, and a worker is dead: half a minute. */
const looks = 6;

export function createRoster(deps: RosterDeps): Roster {
  const { db, log, kind, vault, lookEveryMs = usualLookMs } = deps;
  const workerId = newId();
  const machine = machineOf();
  const seen = new Map<string, { beat: bigint; times: number }>();
  let watching: Repeat | undefined;

  const held = () => ({ keys: vault.keys, rootKey: vault.fingerprint });

  async function enter(): Promise<void> {
    const own = { id: workerId, kind, machine, process: identityOf(process.pid), host: hostname() };
    await db.prisma.worker.create({ data: { ...own, startedAt: timeNow(), ...held() } });
  }

  /** @returns whether somebody was dead */
  async function bury(): Promise<boolean> {
    const others = await db.prisma.worker.findMany({ where: { id: { not: workerId } } });
    let buried = 0;
    for (const other of others) {
      const isHere = machine !== null && other.machine === machine;
      const before = seen.get(other.id);
      const times = before?.beat === other.beat ? before.times + 1 : 0;
      seen.set(other.id, { beat: other.beat, times });
      if (!(isHere && !isProcessThere(other.process)) && times < looks) continue;
      // Only while it is as it was seen: it may count again.
      const { count } = await db.prisma.worker.deleteMany({ where: { id: other.id, beat: other.beat } });
      if (count > 0) log.warn({ worker: other.id, process: other.process }, 'a worker is dead');
      buried += count;
    }
    for (const id of seen.keys()) if (!others.some((other) => other.id === id)) seen.delete(id);
    return buried > 0;
  }

  async function look(tell: { onLost(): void; onBuried(): void }): Promise<void> {
    const { count } = await db.prisma.worker.updateMany({
      where: { id: workerId },
      data: { beat: { increment: 1 }, ...held() },
    });
    if (count === 0) {
      log.error('this worker was taken for dead; its runs are left to others');
      tell.onLost();
      await enter();
    }
    if (await bury()) tell.onBuried();
  }

  return {
    workerId,
    async join() {
      await enter();
      await bury();
    },
    async sayKeys() {
      await db.prisma.worker.updateMany({ where: { id: workerId }, data: held() });
    },
    watch(tell) {
      watching ??= repeat(() => look(tell), {
        everyMs: lookEveryMs,
        onTrouble: (error) => log.warn(`the roster of workers cannot be read: ${messageOf(error)}`),
      });
      watching.start();
    },
    async living() {
      return (await db.prisma.worker.findMany({ select: { id: true } })).map(({ id }) => id);
    },
    async leave() {
      await watching?.stop();
      await db.prisma.worker.deleteMany({ where: { id: workerId } });
    },
  };
}
