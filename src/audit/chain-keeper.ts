/** What the appender does at one go: it chains what waits, signs checkpoints, and keeps the head outside the database. */

import type { Database } from '../database/client.ts';
import { millisNow } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import type { Vault } from '../vault/vault.ts';
import { acceptRestore, type Restore } from './accept-restore.ts';
import { type Appended, appendEvents, type Head } from './append-events.ts';
import { catchUpWitness } from './catch-up-witness.ts';
import { checkpointIfDue, checkpointMs, headStatement, type SealDeps } from './seal-head.ts';
import { openSigningKey, type SigningKey } from './signing-key.ts';
import { type KeySuccession, succeedSigningKey } from './succeed-key.ts';
import { announceHead, appendToWitness, confirmHead } from './witness.ts';

export type ChainDeps = {
  db: Database;
  vault: Vault;
  log: Logger;
  home: string;
  /** Events between two checkpoints; 1,000 when left out. */
  checkpointEvents?: number;
  /** Milliseconds between two checkpoints when there are new events; an hour when left out. */
  checkpointMs?: number;
};

type Sealed = Awaited<ReturnType<typeof checkpointIfDue>>;

const isSameHead = (a: Head, b: Head): boolean => a.seq === b.seq && a.chain.equals(b.chain);

/** Its caller sees to it that one thing is done at a time. */
export class ChainKeeper {
  readonly #deps: ChainDeps;
  #key: SigningKey | undefined;
  /** As the last batch left it; what the database says now must be it, or have grown from it. */
  #known: Head | undefined;
  /** The record outside and the database contradict each other: what stands outside is evidence, and is not touched. */
  #isContradicted = false;
  #nextCheckpointAt = 0;

  constructor(deps: ChainDeps) {
    this.#deps = deps;
  }

  /** Chains all that is committed by now. */
  async appendAll(): Promise<void> {
    try {
      const key = await this.#open();
      while (await this.#appendBatch(key));
    } catch (error) {
      // Whether the last batch was committed is not known: the record outside says what it would have been.
      this.#known = undefined;
      this.#key = undefined;
      throw error;
    }
  }

  /** Takes the database as it is for the one that counts, after a restore. */
  async acceptRestore(restore: Restore): ReturnType<typeof acceptRestore> {
    const done = await acceptRestore(this.#deps, restore);
    this.#known = undefined;
    this.#isContradicted = false;
    this.#nextCheckpointAt = 0;
    return done;
  }

  /** Has another key sign from now on. @throws AlfredError E_CONFLICT while the record outside contradicts the database */
  async succeedKey(actor: string): Promise<KeySuccession> {
    await this.appendAll();
    if (this.#isContradicted) {
      throw new AlfredError('E_CONFLICT', 'The record outside the database contradicts it: its key stays.', {
        remedy: 'See what is wrong first: npx alfred audit verify',
      });
    }
    try {
      return await succeedSigningKey(this.#deps, actor);
    } finally {
      this.#known = undefined;
      this.#key = undefined;
    }
  }

  async #open(): Promise<SigningKey> {
    if (this.#key) return this.#key;
    const { db, vault, home } = this.#deps;
    const key = await openSigningKey(this.#deps);
    const trouble = await catchUpWitness({ db, vault, home, key });
    if (trouble !== undefined) this.#contradict(trouble);
    this.#key = key;
    return key;
  }

  /** @returns whether more may be waiting */
  async #appendBatch(key: SigningKey): Promise<boolean> {
    const { db, vault } = this.#deps;
    const { rows } = await db.pool.query('SELECT FROM audit_inbox LIMIT 1');
    if (rows.length === 0 && performance.now() < this.#nextCheckpointAt) return false;
    const seal = { vault, key, every: this.#deps.checkpointEvents, everyMs: this.#deps.checkpointMs };
    let sealed: Sealed | undefined;
    const { after, isFull } = await appendEvents(db.pool, vault.vaultId, async (client, appended) => {
      sealed = await this.#seal(seal, client, appended);
    });
    this.#known = after;
    this.#nextCheckpointAt = sealed ? await this.#confirm(sealed, after) : Number.POSITIVE_INFINITY;
    return isFull;
  }

  /** Within the appending transaction. @returns undefined when the chain is not to be sealed */
  async #seal(
    seal: SealDeps,
    client: Parameters<typeof checkpointIfDue>[1],
    appended: Appended,
  ): Promise<Sealed | undefined> {
    if (this.#known && !isSameHead(this.#known, appended.before))
      this.#contradict('The audit chain is not as this VM left it.');
    if (this.#isContradicted) return undefined;
    const sealed = await checkpointIfDue(seal, client, appended);
    if (appended.after.seq > 0)
      await announceHead(this.#deps.home, headStatement(seal, appended.after, sealed.last));
    return sealed;
  }

  /** Once it is committed. @returns when the next checkpoint is due, on the clock of `performance` */
  async #confirm({ made, last }: Sealed, after: Head): Promise<number> {
    await confirmHead(this.#deps.home);
    await appendToWitness(this.#deps.home, made ? [made] : []);
    // Without anything new nothing is due; what comes new asks again.
    if (last === undefined || after.seq <= last.seq) return Number.POSITIVE_INFINITY;
    const every = this.#deps.checkpointMs ?? checkpointMs;
    // One that is from a time to come was made before the clock was put back.
    const age = Math.max(0, millisNow() - Date.parse(last.time));
    return performance.now() + Math.max(0, every - age);
  }

  #contradict(trouble: string): void {
    const { log, home } = this.#deps;
    if (!this.#isContradicted) {
      log.error(
        `${trouble} The record outside the database (${home}/audit) is left as it is: npx alfred audit verify says more.`,
      );
    }
    this.#isContradicted = true;
  }
}
