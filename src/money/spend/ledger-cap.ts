/** The caps that hold across processes, as one: a run's, its skill's, and the VM's of a day and a month. */

import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway } from '../../database/is-away.ts';
import { isDiskFull } from '../../database/is-disk-full.ts';
import { failureOf } from '../../kernel/failure.ts';
import { newId } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/log.ts';
import type { SpendCap } from '../spend-caps.ts';
import { type Caps, type CapsDeps, readCaps, type Spender } from './caps.ts';
import { reserveSpend } from './reserve-spend.ts';
import { settleSpend } from './settle-spend.ts';
import { capReached, describeCap } from './shortage.ts';

export type LedgerDeps = CapsDeps & {
  log: Logger;
  /** Whose calls these are: when it is no more, what it had set aside counts as spent. */
  workerId: string;
  /** How long a call waits for what others hold, in milliseconds. */
  patienceMs?: number;
};

/** A call that is not streamed may take ten minutes. */
const usualPatienceMs = 10 * 60_000;
const lookEveryMs = 250;
/** How long to wait before the database is asked again when it is away, in milliseconds. */
const awayMs = 1_000;

/** Takes down what the calls of a run cost, under whatever caps hold when each is made. */
export function ledgerCap(deps: LedgerDeps, spender: Spender): SpendCap {
  const { db, workerId, patienceMs = usualPatienceMs } = deps;
  const never = new AbortController().signal;
  let looked: Promise<Caps> | undefined;
  /** What was looked up for this very call, once; else what holds now. */
  const capsNow = async (): Promise<Caps> => {
    const before = looked;
    looked = undefined;
    return (await before) ?? (await readCaps(deps, spender));
  };
  return {
    look() {
      looked = readCaps(deps, spender);
      // Who holds awaits it.
      looked.catch(() => {});
    },
    async bound() {
      const caps = await readCaps(deps, spender);
      const first = caps.caps[0];
      return first && describeCap(first, caps);
    },
    async hold({ signal = never, ...ask }) {
      const id = newId();
      const began = performance.now();
      for (;;) {
        signal.throwIfAborted();
        const isPatient = performance.now() - began < patienceMs;
        const caps = await capsNow();
        const answer = await reserveSpend(db, caps, { id, spender, workerId, isPatient, ...ask }).catch(
          async (error: unknown) => {
            // It may be there, if only the answer to its COMMIT was lost.
            await settle(deps, id, 0);
            throw error;
          },
        );
        if (answer.kind === 'granted') {
          const { grantedUsd, cut } = answer;
          return {
            grantedUsd,
            shortage: cut && failureOf(capReached(cut.cap, cut.spent, undefined, caps)),
            settle: (costUsd) => settle(deps, id, costUsd),
          };
        }
        if (answer.kind === 'refused') throw capReached(answer.cap, answer.spent, ask.leastUsd, caps);
        await sleep(lookEveryMs, undefined, { signal });
      }
    },
  };
}

/** Settles now, or as soon as the database is back and its disk has room. Should this process end before, the whole of it counts as spent. */
async function settle({ db, log }: LedgerDeps, id: string, costUsd: number): Promise<void> {
  try {
    await settleSpend(db, id, costUsd);
  } catch (error) {
    log.warn({ err: error, reservation: id, costUsd }, 'what a model call cost is not taken down yet');
    void settleLater(db, log, id, costUsd);
  }
}

async function settleLater(db: LedgerDeps['db'], log: Logger, id: string, costUsd: number): Promise<void> {
  for (;;) {
    await sleep(awayMs, undefined, { ref: false });
    if (db.pool.ended) return;
    try {
      await settleSpend(db, id, costUsd);
      log.info({ reservation: id, costUsd }, 'what a model call cost is taken down');
      return;
    } catch (error) {
      if (isDatabaseAway(error) || isDiskFull(error)) continue;
      log.error({ err: error, reservation: id, costUsd }, 'what a model call cost cannot be taken down');
      return;
    }
  }
}
