/**
 * The appender of a VM: chains what was committed, a moment after, signs checkpoints, and keeps the head outside the
 * database. One stands in the VM's own process; acts of workers and of commands reach it through the inbox. What a killed VM
 * leaves in the inbox is chained at the next start.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/client.ts';
import { isDatabaseAway } from '../database/is-away.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import type { Vault } from '../vault/vault.ts';
import { acceptRestore, type Restore } from './accept-restore.ts';
import { appendEvents, type Head } from './append-events.ts';
import { catchUpWitness } from './catch-up-witness.ts';
import { checkpointIfDue, checkpointMs, headStatement } from './seal-head.ts';
import { openSigningKey, type SigningKey } from './signing-key.ts';
import { announceHead, appendToWitness, confirmHead } from './witness.ts';

export type AppenderDeps = {
  db: Database;
  vault: Vault;
  log: Logger;
  home: string;
  /** Events between two checkpoints; 1,000 when left out. */
  checkpointEvents?: number;
  /** Milliseconds between two checkpoints when there are new events; an hour when left out. */
  checkpointMs?: number;
};

export type Appender = {
  start(): void;
  /** Chains all that is committed by now. */
  flush(): Promise<void>;
  /** Takes the database as it is for the one that counts, after a restore. */
  acceptRestore(restore: Restore): Promise<{ epoch: number; seq: number; lost: number }>;
  /** Chains what is left, and stops. */
  stop(): Promise<void>;
};

/** How long an act may wait to be chained, in milliseconds, beside the work itself. */
const everyMs = 250;

const isSameHead = (a: Head, b: Head): boolean => a.seq === b.seq && a.chain.equals(b.chain);

export function createAppender(deps: AppenderDeps): Appender {
  const { db, vault, log, home } = deps;
  const closing = new AbortController();
  let turn: Promise<unknown> = Promise.resolve();
  let loop: Promise<void> | undefined;
  let key: SigningKey | undefined;
  /** As the last batch left it; what the database says now must be it, or have grown from it. */
  let known: Head | undefined;
  /** The record outside and the database contradict each other: what stands outside is evidence, and is not touched. */
  let isContradicted = false;
  let nextCheckpointAt = 0;

  async function open(): Promise<SigningKey> {
    if (key) return key;
    const opened = await openSigningKey(deps);
    const trouble = await catchUpWitness({ db, vault, home, key: opened });
    if (trouble !== undefined) contradict(trouble);
    key = opened;
    return opened;
  }

  function contradict(trouble: string): void {
    if (!isContradicted) {
      log.error(
        `${trouble} The record outside the database (${home}/audit) is left as it is: npx alfred audit verify says more.`,
      );
    }
    isContradicted = true;
  }

  async function appendAll(): Promise<void> {
    const seal = { vault, key: await open(), every: deps.checkpointEvents, everyMs: deps.checkpointMs };
    for (;;) {
      const isDue = Date.now() >= nextCheckpointAt;
      const { rows } = await db.pool.query('SELECT FROM audit_inbox LIMIT 1');
      if (rows.length === 0 && !isDue) return;
      let sealed: Awaited<ReturnType<typeof checkpointIfDue>> | undefined;
      const { after, isFull } = await appendEvents(db.pool, vault.vaultId, async (client, appended) => {
        sealed = undefined;
        if (known && !isSameHead(known, appended.before))
          contradict('The audit chain is not as this VM left it.');
        if (isContradicted) return;
        sealed = await checkpointIfDue(seal, client, appended);
        if (appended.after.seq > 0)
          await announceHead(home, headStatement(seal, appended.after, sealed.last));
      });
      known = after;
      if (sealed) {
        const { made, last } = sealed;
        await confirmHead(home);
        await appendToWitness(home, made ? [made] : []);
        // Without anything new nothing is due; what comes new asks again.
        const isAhead = last !== undefined && after.seq > last.seq;
        nextCheckpointAt = isAhead
          ? Date.parse(last.time) + (deps.checkpointMs ?? checkpointMs)
          : Number.POSITIVE_INFINITY;
      } else nextCheckpointAt = Number.POSITIVE_INFINITY;
      if (!isFull) return;
    }
  }

  /** One at a time: the next begins after the one before, however that ended. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work, work);
    turn = mine.catch(() => {});
    return mine;
  }
  const flush = () =>
    inTurn(async () => {
      try {
        await appendAll();
      } catch (error) {
        // Whether the last batch was committed is not known: the record outside says what it would have been.
        known = undefined;
        key = undefined;
        throw error;
      }
    });

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
    acceptRestore: (restore) =>
      inTurn(async () => {
        const done = await acceptRestore(deps, restore);
        known = undefined;
        isContradicted = false;
        nextCheckpointAt = 0;
        return done;
      }),
    async stop() {
      closing.abort();
      await loop;
      await flush();
    },
  };
}
