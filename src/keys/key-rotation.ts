/** Changes of the keys of a VM: begun by its owner, gone on with after a kill, one at a time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { systemActor } from '../audit/record-audit.ts';
import type { KeyHolder, KeyRotationState, RotatedKey } from '../contract/vault.ts';
import { isDatabaseAway } from '../database/is-away.ts';
import { underLock } from '../database/locks.ts';
import { type Backoff, pauseAfter } from '../kernel/backoff.ts';
import { AlfredError, isAlfredError, messageOf } from '../kernel/errors.ts';
import { isBetweenKeys } from '../vault/changed-keys.ts';
import { removeNextKey } from '../vault/next-root-key.ts';
import { readHolders, refuseOlderPrograms } from './holders.ts';
import type { KeyDeps } from './keyring-at-hand.ts';
import { presentHolder, presentRotation, type Run, readNext } from './present-rotation.ts';
import { rotateDataKeys } from './rotate-data-keys.ts';
import { cancelRootRotation, rotateRootKey } from './rotate-root-key.ts';

/** A worker elsewhere that was killed is taken for dead after half a minute. */
const usualPatienceMs = 45_000;
/** Before it goes on where the database was away, or a transaction took too long. */
const usualBackoff: Backoff = { baseMs: 1_000, capMs: 60_000 };
const usualBatchRows = 250;

type Order = { begins: boolean; actor: string };

type Options = { patienceMs?: number; backoff?: Backoff };

export class KeyRotation {
  readonly #deps: KeyDeps;
  readonly #patienceMs: number;
  readonly #backoff: Backoff;
  readonly #stopped = new AbortController();
  #run: (Run & { isOver: boolean }) | undefined;
  #working: Promise<void> = Promise.resolve();

  constructor(deps: KeyDeps, { patienceMs = usualPatienceMs, backoff = usualBackoff }: Options = {}) {
    this.#deps = deps;
    this.#patienceMs = patienceMs;
    this.#backoff = backoff;
  }

  /**
   * Begins a change, or goes on with the one that is under way; it goes on behind this call.
   *
   * @throws AlfredError E_KEY_IN_USE for an older program on the database, E_CONFLICT when the root key is being changed
   */
  async start(key: RotatedKey, actor: string): Promise<KeyRotationState> {
    if (!this.#run || this.#run.isOver) {
      await refuseOlderPrograms(this.#deps.db);
      if (key === 'data' && (await readNext(this.#deps)) !== undefined) throw rootKeyChanges();
      this.#begin(key, { begins: true, actor });
    }
    const state = await presentRotation(this.#deps, this.#run);
    if (!state) throw new Error('What was begun is not under way');
    return state;
  }

  /** Gives up a change of the root key that waits for its owner's hand. @throws AlfredError E_CONFLICT */
  cancel(actor: string): Promise<void> {
    return cancelRootRotation(this.#deps, actor);
  }

  /** How it stands; null: nothing is under way. */
  state(): Promise<KeyRotationState | null> {
    const run = this.#run;
    return presentRotation(this.#deps, run && (!run.isOver || run.failure) ? run : undefined);
  }

  /** Every process that works on the database. */
  async holders(): Promise<KeyHolder[]> {
    const { db, vault } = this.#deps;
    const next = await readNext(this.#deps);
    return (await readHolders(db)).map((holder) => presentHolder(vault, holder, next));
  }

  /** Goes on, behind this call, with what a stop or a kill interrupted. @throws what the database throws */
  async resume(): Promise<void> {
    const { vault, settings } = this.#deps;
    const isRoot = (await readNext(this.#deps)) !== undefined;
    // Made by a program that was killed before anything was under it.
    if (!isRoot) await removeNextKey(settings);
    if (isRoot || isBetweenKeys(vault)) this.#begin('root', { begins: false, actor: systemActor });
  }

  /** Resolves once nothing is done any more: all of it, or as far as it comes. */
  async settled(): Promise<void> {
    await this.#working;
  }

  async stop(): Promise<void> {
    this.#stopped.abort(new AlfredError('E_CANCELLED', 'The VM stops; it goes on at the next start'));
    await this.#working;
  }

  #begin(key: RotatedKey, order: Order): void {
    const run = {
      key,
      stage: 'starting' as const,
      done: 0,
      total: 0,
      waitingFor: [],
      failure: undefined as AlfredError | undefined,
      isOver: false,
    };
    this.#run = run;
    this.#working = this.#untilDone(run, order)
      .catch((error: unknown) => {
        if (this.#stopped.signal.aborted) return;
        run.failure = isAlfredError(error) ? error : new AlfredError('E_INTERNAL', messageOf(error));
        this.#deps.log.error({ code: run.failure.code }, `the keys are not changed yet: ${messageOf(error)}`);
      })
      .finally(() => {
        run.isOver = true;
      });
  }

  /** Goes on by itself after what passes: each time with fewer rows in a transaction, as a busy machine ends long ones. */
  async #untilDone(run: Run, order: Order): Promise<void> {
    for (let failures = 0, batchRows = usualBatchRows; ; batchRows = Math.ceil(batchRows / 2)) {
      try {
        // What was begun by now, and may be done, is not begun again.
        const isOrder = run.stage === 'starting' || (await readNext(this.#deps)) !== undefined;
        await this.#alone(run, { ...order, begins: order.begins && isOrder }, batchRows);
        return;
      } catch (error) {
        if (!isDatabaseAway(error) || this.#stopped.signal.aborted) throw error;
        failures += 1;
        this.#deps.log.warn(`the keys are not changed yet, and it goes on by itself: ${messageOf(error)}`);
        await sleep(pauseAfter(failures, this.#backoff), undefined, { signal: this.#stopped.signal });
      }
    }
  }

  async #alone(run: Run, order: Order, batchRows: number): Promise<void> {
    const work = async () => {
      await this.#work(run, order, batchRows);
      return true;
    };
    if (await underLock(this.#deps.db.pool, 'keys', work, { ifTaken: false })) return;
    // Nobody asked: whoever is at it does it.
    if (!order.begins) return;
    throw new AlfredError('E_CONFLICT', 'Another program changes the keys of this VM just now.', {
      remedy: 'See how far it is: npx alfred key status',
    });
  }

  async #work(run: Run, { begins, actor }: Order, batchRows: number): Promise<void> {
    const work = {
      signal: this.#stopped.signal,
      patienceMs: this.#patienceMs,
      batchRows,
      tell: (progress: Partial<Run>) => void Object.assign(run, progress),
    };
    const isRoot = run.key === 'root';
    if (isRoot && (await rotateRootKey(this.#deps, work, { begins, actor })) === 'waits') return;
    // Behind another root key the keyring holds new data keys already.
    run.key = 'data';
    await rotateDataKeys(this.#deps, work, { begins: begins && !isRoot, actor });
  }
}

const rootKeyChanges = () =>
  new AlfredError('E_CONFLICT', 'The root key is being changed, and the data keys behind it.', {
    remedy: 'See what it waits for: npx alfred key status',
  });
