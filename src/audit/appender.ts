/**
 * The appender of a VM: chains what was committed, a moment after. One stands in the VM's own process; acts of workers and
 * of commands reach it through the inbox. What a killed VM leaves in the inbox is chained at the next start.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/client.ts';
import { isDatabaseAway } from '../database/is-away.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import type { Vault } from '../vault/vault.ts';
import { type Appended, appendEvents } from './append-events.ts';

export type AppenderDeps = { db: Database; vault: Vault; log: Logger };

export type Appender = {
  start(): void;
  /** Chains all that is committed by now. */
  flush(): Promise<void>;
  /** Chains what is left, and stops. */
  stop(): Promise<void>;
};

/** How long an act may wait to be chained, in milliseconds, beside the work itself. */
const everyMs = 250;

export function createAppender({ db, vault, log }: AppenderDeps): Appender {
  const closing = new AbortController();
  let turn: Promise<unknown> = Promise.resolve();
  let loop: Promise<void> | undefined;

  async function appendAll(): Promise<void> {
    for (;;) {
      const { isFull }: Appended = await appendEvents(db.pool, vault.vaultId);
      if (!isFull) return;
    }
  }

  /** One at a time: the next begins after the one before, however that ended. */
  function flush(): Promise<void> {
    const mine = turn.then(appendAll, appendAll);
    turn = mine.catch(() => {});
    return mine;
  }

  async function keepAppending(): Promise<void> {
    let complained = false;
    while (!closing.signal.aborted) {
      try {
        await flush();
        complained = false;
      } catch (error) {
        const why = isDatabaseAway(error) ? 'the database is away' : messageOf(error);
        if (!complained) log.error(`acts wait to be taken into the audit chain: ${why}`);
        complained = true;
      }
      await sleep(everyMs, undefined, { signal: closing.signal, ref: false }).catch(() => {});
    }
  }

  return {
    start() {
      loop ??= keepAppending();
    },
    flush,
    async stop() {
      closing.abort();
      await loop;
      await flush();
    },
  };
}
