/** Writes an execution's events in the order in which they come, as many at once as came while the last ones were written. */
import type { Database } from '../database/client.ts';
import { appendAsHolder, appendEvents, type NewEvent } from '../executions/append-events.ts';
import { holdClaim } from '../executions/claims.ts';
import type { Vault } from '../vault/vault.ts';

/** So long a note waits for what comes behind it, in milliseconds. */
const restMs = 50;

export class EventWriter {
  readonly #deps: { db: Database; vault: Vault };
  readonly #executionId: string;
  readonly #workerId: string;
  #waiting: NewEvent[] = [];
  #known = 0;
  #writing: Promise<void> | undefined;
  #isPressed = false;
  /** Ends the rest before its time. */
  #press = () => {};
  #failure: unknown;

  /** @param workerId who holds the execution; from another nothing is written */
  constructor(deps: { db: Database; vault: Vault }, executionId: string, workerId: string) {
    this.#deps = deps;
    this.#executionId = executionId;
    this.#workerId = workerId;
  }

  /** Takes an event; it is redacted here. */
  push(event: NewEvent): void {
    this.#take(event);
    this.#hurry();
  }

  /** Takes one that nobody reads as it comes: it may be written with the next, so that it keeps the model from nothing. */
  note(event: NewEvent): void {
    this.#take(event);
  }

  #take(event: NewEvent): void {
    if (this.#waiting.length === 0) this.#known = this.#deps.vault.redactor.size;
    const last = this.#waiting.at(-1);
    // Pieces that come while others are written are written as one.
    if (event.kind === 'delta' && last?.kind === 'delta')
      this.#waiting[this.#waiting.length - 1] = { ...last, data: { text: last.data.text + event.data.text } };
    else this.#waiting.push({ ...event, data: this.#deps.vault.redactor.value(event.data) } as NewEvent);
    this.#writing ??= this.#write();
  }

  /** Waits until everything is written. @throws what writing threw: a run whose record fails must not go on */
  async drain(): Promise<void> {
    while (this.#writing) {
      this.#hurry();
      await this.#writing;
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  #hurry(): void {
    this.#isPressed = true;
    this.#press();
  }

  /** Until there is something that somebody waits for, or for a moment. */
  async #rest(): Promise<void> {
    if (this.#isPressed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, restMs);
    this.#press = resolve;
    await promise;
    clearTimeout(timer);
  }

  async #write(): Promise<void> {
    // What is pushed in the same turn of the event loop is written with the first.
    await undefined;
    while (this.#waiting.length > 0) {
      await this.#rest();
      this.#isPressed = false;
      const events = this.#waiting;
      const known = this.#known;
      this.#waiting = [];
      try {
        // Behind a gap nothing is written: what comes later would pass for all that was said.
        if (this.#failure !== undefined) throw this.#failure;
        await this.#append(events, known);
      } catch (error) {
        this.#failure ??= error;
        // What it cost is kept, whatever else cannot be; a second refusal adds nothing to the first.
        const usage = events.filter(({ kind }) => kind === 'usage').slice(-1);
        if (usage.length > 0) await this.#append(usage, known).catch(() => {});
      }
    }
    // In the same step as the look that found nothing: what is pushed next begins anew, and waits for nobody.
    this.#writing = undefined;
  }

  /** @param known how many forms the redactor knew when the first of them was redacted */
  async #append(redacted: readonly NewEvent[], known: number): Promise<void> {
    const { db, vault } = this.#deps;
    const holder = { executionId: this.#executionId, workerId: this.#workerId };
    const { knownEpoch } = vault;
    // The statement itself asks whether there are more secrets now: who watches waits for one answer instead of two.
    const isCurrent = knownEpoch !== undefined && vault.redactor.size === known;
    if (isCurrent && (await appendAsHolder(db, holder, redacted, knownEpoch))) return;
    await vault.upToDate();
    // What was redacted before the newest secret was known is redacted again.
    const events = vault.redactor.size === known ? redacted : vault.redactor.value(redacted);
    if (await appendAsHolder(db, holder, events)) return;
    await db.transaction(async (tx) => {
      await holdClaim(tx, this.#executionId, this.#workerId);
      await appendEvents(tx, this.#executionId, events);
    });
  }
}
