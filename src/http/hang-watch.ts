/** Requests whose database hangs: they are given up, with an answer, rather than kept waiting for it. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { AlfredError, messageOf } from '../kernel/errors.ts';

/** A request that takes longer has the database asked whether it is there, in milliseconds; and again after as long. */
const askAfterMs = 1_000;
/** How long the database may take to say so, in milliseconds. */
const answerWithinMs = 1_000;
/** Counted in parts so long. One in which this process had no time to read an answer is none of the database's. */
const partMs = 100;

export type HangWatch = {
  /**
   * Runs `work` for as long as it takes, unless the database hangs meanwhile.
   *
   * @param work is told by its signal that it was given up, and then writes nothing any more
   * @throws AlfredError E_NOT_READY when it was given up; what `work` throws
   */
  run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/** Asks on a connection of its own: the others may all be busy, which is no reason to give up. */
export function createHangWatch({ url }: { url: string }): HangWatch {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    idleTimeoutMillis: 60_000,
    allowExitOnIdle: true,
    application_name: 'alfred watch',
  });
  // The next question opens another connection, or says why it cannot.
  pool.on('error', () => {});
  let open: Promise<string | undefined> | undefined;

  /** What is wrong with the database; undefined when it answers. Of all that ask at once one asks. */
  function ask(): Promise<string | undefined> {
    open ??= pool
      .query('SELECT 1')
      .then(
        () => undefined,
        (error: unknown) => messageOf(error),
      )
      .finally(() => (open = undefined));
    const over = new AbortController();
    const late = silence(over.signal).then(() => `no answer within ${answerWithinMs / 1_000} s`);
    return Promise.race([open, late]).finally(() => over.abort());
  }

  async function watch(isOver: AbortSignal): Promise<string> {
    for (;;) {
      await pause(isOver);
      const trouble = isOver.aborted ? undefined : await ask();
      if (trouble !== undefined) return trouble;
      if (isOver.aborted) return '';
    }
  }

  return {
    async run(work) {
      const over = new AbortController();
      const given = new AbortController();
      const working = work(given.signal);
      try {
        const first = await Promise.race([
          working.then((value) => ({ value })),
          watch(over.signal).then((trouble) => ({ trouble })),
        ]);
        if ('value' in first) return first.value;
        const error = new AlfredError('E_NOT_READY', `The database does not answer: ${first.trouble}.`, {
          remedy: 'Send it again later. See whether PostgreSQL hangs, or its disk does.',
        });
        given.abort(error);
        // Whatever becomes of it, the answer is given.
        working.catch(() => {});
        throw error;
      } finally {
        over.abort();
      }
    },
    close: () => pool.end(),
  };
}

const pause = (signal: AbortSignal) => sleep(askAfterMs, undefined, { signal }).catch(() => {}); // over

async function silence(isOver: AbortSignal): Promise<void> {
  for (let quietMs = 0; quietMs < answerWithinMs && !isOver.aborted; ) {
    const from = performance.now();
    await sleep(partMs, undefined, { signal: isOver }).catch(() => {}); // over
    if (performance.now() - from < 2 * partMs) quietMs += partMs;
  }
}
