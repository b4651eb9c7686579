/**
 * The appender of a VM: chains what was committed, a moment after, signs checkpoints, and keeps the head outside the
 * database. One stands in the VM's own process; acts of workers and of commands reach it through the inbox. What a killed VM
 * leaves in the inbox is chained at the next start.
 */
import { isDatabaseAway } from '../database/is-away.ts';
import { messageOf } from '../kernel/errors.ts';
import { repeat } from '../kernel/repeat.ts';
import type { Restore } from './accept-restore.ts';
import { type ChainDeps, ChainKeeper } from './chain-keeper.ts';
import type { KeySuccession } from './succeed-key.ts';

export type Appender = {
  start(): void;
  /** Chains all that is committed by now. */
  flush(): Promise<void>;
  /** Takes the database as it is for the one that counts, after a restore. */
  acceptRestore(restore: Restore): Promise<{ epoch: number; seq: number; lost: number }>;
  /** Has another key sign checkpoints from now on. */
  succeedKey(actor: string): Promise<KeySuccession>;
  /** Chains what is left, and stops. */
  stop(): Promise<void>;
};

/** How long an act may wait to be chained, in milliseconds, beside the work itself. */
const everyMs = 250;

export function createAppender(deps: ChainDeps): Appender {
  const chain = new ChainKeeper(deps);
  let turn: Promise<unknown> = Promise.resolve();

  /** One at a time: the next begins after the one before, however that ended. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work, work);
    turn = mine.catch(() => {});
    return mine;
  }
  const flush = () => inTurn(() => chain.appendAll());

  const appending = repeat(flush, {
    everyMs,
    onTrouble(error, isNews) {
      const why = isDatabaseAway(error) ? 'the database is away' : messageOf(error);
      if (isNews) deps.log.error(`acts wait to be taken into the audit chain: ${why}`);
    },
  });

  return {
    start: () => appending.start(),
    flush,
    acceptRestore: (restore) => inTurn(() => chain.acceptRestore(restore)),
    succeedKey: (actor) => inTurn(() => chain.succeedKey(actor)),
    async stop() {
      await appending.stop();
      await flush();
    },
  };
}
