/** Requests whose database hangs: they are given up, with an answer, rather than kept waiting for it. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { AlfredError, messageOf } from '../kernel/errors.ts';

/** A request that takes longer has the database asked whether it is there, in milliseconds; and again after as long. */
const askAfterMs = 1_000;
/** How often those that wait are looked through, in milliseconds. */
const lookEveryMs = 250;
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

  const waiting = new Set<Waiting>();
  let timer: NodeJS.Timeout | undefined;

  /** One clock for all that wait: a timer for each would cost more than to look through them. */
  function look(): void {
    timer = undefined;
    const before = performance.now() - askAfterMs;
    const late = [...waiting].filter(({ since }) => since <= before);
    if (late.length > 0) void giveUpUnlessAnswered(late);
    if (waiting.size > 0) timer = setTimeout(look, lookEveryMs).unref();
  }

  async function giveUpUnlessAnswered(late: readonly Waiting[]): Promise<void> {
    for (const one of late) one.since = Infinity;
    const trouble = await ask();
    for (const one of late) {
      one.since = performance.now();
      if (trouble !== undefined && waiting.delete(one)) one.giveUp(trouble);
    }
  }

  return {
    run: (work) =>
      new Promise((resolve, reject) => {
        const given = new AbortController();
        const one: Waiting = {
          since: performance.now(),
          giveUp(trouble) {
            const error = new AlfredError('E_NOT_READY', `The database does not answer: ${trouble}.`, {
              remedy: 'Send it again later. See whether PostgreSQL hangs, or its disk does.',
            });
            given.abort(error);
            reject(error);
          },
        };
        waiting.add(one);
        timer ??= setTimeout(look, lookEveryMs).unref();
        // Of one that was given up the answer is given, whatever becomes of it.
        work(given.signal)
          .then(resolve, reject)
          .finally(() => waiting.delete(one));
      }),
    async close() {
      clearTimeout(timer);
      await pool.end();
    },
  };
}

/** A request under way. */
type Waiting = {
  /** Since when nobody asked whether the database is there. */
  since: number;
  giveUp(trouble: string): void;
};

async function silence(isOver: AbortSignal): Promise<void> {
  for (let quietMs = 0; quietMs < answerWithinMs && !isOver.aborted; ) {
    const from = performance.now();
    await sleep(partMs, undefined, { signal: isOver }).catch(() => {}); // over
    if (performance.now() - from < 2 * partMs) quietMs += partMs;
  }
}
