/**
 * The database's clock, which decides what is due, held against the machine's uptime, which only counts on and knows how long the
 * machine slept. A jump is told, once. How far the clock jumped is remembered for a day: whatever drops or ends something because it
 * is old goes by `settledNow` meanwhile, so that a clock which is put right again has done no harm.
 */
import { uptime } from 'node:os';
import { messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { type Repeat, repeat } from '../kernel/repeat.ts';
import { readBoot } from '../processes/proc.ts';
import type { Database, Transaction } from './client.ts';

export type ClockJump = {
  /** What the database's clock said when it was seen. */
  at: Date;
  /** How far it went, in milliseconds; negative when the clock was put back. */
  ms: number;
};

type ClockWatchDeps = {
  db: Pick<Database, 'transaction'>;
  log: Logger;
  /** Puts the jump on record, in the transaction that remembers it. */
  onJump(tx: Transaction, jump: ClockJump): Promise<void>;
  /** For how long the machine has run, in milliseconds, and which boot that counts from. */
  machine?: () => { uptimeMs: number; boot: string | null };
};

/** Less than this is a clock that is being kept, or a database that took its time to answer. */
const noticeableMs = 5_000;
/** A jump that has stood for so long is believed. */
const believedAfterMs = 24 * 3_600_000;
const everyMs = 5_000;

const thisMachine = () => ({ uptimeMs: Math.round(uptime() * 1_000), boot: readBoot() ?? null });

type Mark = { at: Date; boot: string | null; uptimeMs: bigint; aheadMs: bigint; aheadSinceMs: bigint | null };

/** Looks once. @returns the jump since the look before, if there was one */
export async function lookAtClock(deps: ClockWatchDeps): Promise<ClockJump | undefined> {
  const { db, log, onJump, machine = thisMachine } = deps;
  return await db.transaction(async (tx) => {
    const asked = machine();
    const [row] = await tx.$queryRaw<{ at: Date }[]>`SELECT clock_timestamp() AS at`;
    if (!row) throw new Error('A SELECT without FROM gives one row');
    const { at } = row;
    const { uptimeMs, boot } = machine();
    const mark = await tx.clockMark.findUnique({ where: { singleton: true } });
    const jump =
      mark === null ? undefined : jumpSince(mark, { at, uptimeMs, boot }, uptimeMs - asked.uptimeMs);
    const present = {
      at,
      boot,
      uptimeMs: BigInt(uptimeMs),
      ...aheadOf(mark, { uptimeMs, boot }, jump),
      ...(jump === undefined ? {} : { jumpedAt: jump.at, jumpedMs: BigInt(jump.ms) }),
    };
    await tx.clockMark.upsert({ where: { singleton: true }, create: present, update: present });
    if (jump !== undefined) {
      log.warn(jump, 'the clock jumped');
      await onJump(tx, jump);
    }
    return jump;
  });
}

/** @param tookMs how long the database took to answer */
function jumpSince(
  mark: Mark,
  { at, uptimeMs, boot }: { at: Date; uptimeMs: number; boot: string | null },
  tookMs: number,
): ClockJump | undefined {
  const elapsed = uptimeMs - Number(mark.uptimeMs);
  const passed = at.getTime() - mark.at.getTime();
  // After a new boot nobody knows how long the machine was off; that time does not go back is known all the same.
  const expected = boot === mark.boot && elapsed >= 0 ? elapsed : Math.max(passed, 0);
  const ms = passed - expected;
  return Math.abs(ms) > noticeableMs + tookMs ? { at, ms } : undefined;
}

/** How far the clock is not believed, from this look on. */
function aheadOf(
  mark: Mark | null,
  { uptimeMs, boot }: { uptimeMs: number; boot: string | null },
  jump: ClockJump | undefined,
): Pick<Mark, 'aheadMs' | 'aheadSinceMs'> {
  if (jump !== undefined) {
    // Back and forth by as much is where it was.
    const ahead = Number(mark?.aheadMs ?? 0n) + jump.ms;
    const isBack = Math.abs(ahead) <= noticeableMs;
    return { aheadMs: BigInt(isBack ? 0 : ahead), aheadSinceMs: isBack ? null : BigInt(uptimeMs) };
  }
  if (mark === null || mark.aheadSinceMs === null || mark.boot !== boot)
    return { aheadMs: 0n, aheadSinceMs: null };
  const since = uptimeMs - Number(mark.aheadSinceMs);
  return since < 0 || since >= believedAfterMs
    ? { aheadMs: 0n, aheadSinceMs: null }
    : { aheadMs: mark.aheadMs, aheadSinceMs: mark.aheadSinceMs };
}

/** Looks every few seconds from its start on. */
export const watchClock = (deps: ClockWatchDeps): Repeat =>
  repeat(() => lookAtClock(deps), {
    everyMs,
    onTrouble: (error, isNews) => {
      if (isNews) deps.log.warn(`the database's clock could not be looked at: ${messageOf(error)}`);
    },
  });
