import { setTimeout as sleep } from 'node:timers/promises';

/** A server may say that its tools changed as often as it likes; we look this often at most, in milliseconds. */
const lookAgainMs = 200;

/** Looks after the server has said that its tools changed. What changes during a look is looked at next. */
export class LookAgain {
  readonly #look: () => Promise<void>;
  #mustLook = false;
  #looking: Promise<void> | undefined;

  constructor(look: () => Promise<void>) {
    this.#look = look;
  }

  soon(): void {
    this.#mustLook = true;
    this.#looking ??= this.#afterPause().finally(() => {
      this.#looking = undefined;
      if (this.#mustLook) this.soon();
    });
  }

  /** Waits for the look that is due or under way, if there is one. */
  async done(): Promise<void> {
    await this.#looking;
  }

  async #afterPause(): Promise<void> {
    await sleep(lookAgainMs, undefined, { ref: false });
    this.#mustLook = false;
    await this.#look();
  }
}
