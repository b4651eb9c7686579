/**
 * Delivers what happened to the owner's channels. What is to be told stands in the database, in the transaction of what it tells of; each
 * channel is told in order, at least once, across kills, and none waits for another.
 */
import { readConfig } from '../config/read-config.ts';
import { systemClock } from '../kernel/clock.ts';
import { messageOf } from '../kernel/errors.ts';
import { repeat } from '../kernel/repeat.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import type { RawChannel } from './channel-row.ts';
import { readChannel } from './channel-row.ts';
import { type DeliverDeps, deliverToChannel, isPausing } from './deliver-to-channel.ts';
import { makeDigest } from './digest.ts';
import { handOut } from './hand-out.ts';
import { quietUntil } from './quiet-hours.ts';
import { watchTroubles } from './watch-troubles.ts';

/** How often the postman looks without being asked, in milliseconds: clocks are set, and other processes change channels. */
const everyMs = 30_000;
/** How often it looks for troubles that no act brings, in milliseconds. */
const watchEveryMs = 60_000;
/** How long deliveries that are settled are kept, in milliseconds. */
const keptMs = 14 * 86_400_000;

export type Postman = {
  /** Takes up notices from now on, and what waits. @throws AlfredError E_DATABASE */
  start(): Promise<void>;
  /** Looks at once, as a channel was changed. */
  soon(): void;
  /** Breaks off what is under way, and waits for that. The next start sends it again, unless the other side is known to have it. */
  stop(): Promise<void>;
};

export function createPostman(
  given: Omit<DeliverDeps, 'clock'> & Partial<Pick<DeliverDeps, 'clock'>>,
): Postman {
  const deps: DeliverDeps = { clock: systemClock, ...given };
  const { db, queue, log, clock } = deps;
  const stopping = new AbortController();
  /** What is under way, by channel: no channel is told two things at once. */
  const underWay = new Map<string, Promise<void>>();
  let alarm: NodeJS.Timeout | undefined;
  let watchedAt = 0;

  const rounds = repeat(look, {
    everyMs,
    onTrouble: (error, isNews) => {
      if (isNews) log.warn(`notices wait: ${messageOf(error)}`);
    },
  });

  async function look(): Promise<void> {
    clearTimeout(alarm);
    const now = clock.now();
    const { timezone } = await readConfig(db.prisma, 'timezone');
    if (now.getTime() - watchedAt >= watchEveryMs || now.getTime() < watchedAt) {
      watchedAt = now.getTime();
      await watchTroubles(deps, now);
    }
    const channels = await db.prisma.noticeChannel.findMany({ where: { isActive: true } });
    const guard = rowGuardOf(db.prisma);
    const intact = channels.filter((row) => guard.isIntact('notice_channels', row));
    for (const row of intact) await makeDigest({ db }, row, timezone, now);
    await db.prisma.noticeDelivery.deleteMany({
      where: { status: { not: 'waiting' }, settledAt: { lt: new Date(now.getTime() - keptMs) } },
    });
    const waiting = await db.prisma.noticeDelivery.groupBy({
      by: ['channelId'],
      where: { status: 'waiting' },
    });
    const ids = new Set(waiting.map(({ channelId }) => channelId));
    const wanted = intact.filter(({ id }) => ids.has(id));
    for (const { id, name } of wanted.filter((row) => !isPausing(row, now))) tell(id, name);
    wakeAt(
      wanted.flatMap((row) => nextLook(row, timezone, now)),
      now,
    );
  }

  /** Begins to tell a channel. Nobody waits for that, as one channel may take long. */
  function tell(id: string, name: string): void {
    if (underWay.has(id) || stopping.signal.aborted) return;
    const work = deliverToChannel(deps, id, stopping.signal)
      .catch((error: unknown) => {
        if (!stopping.signal.aborted) log.error({ channel: name }, `notices wait: ${messageOf(error)}`);
      })
      .finally(() => {
        underWay.delete(id);
        rounds.soon();
      });
    underWay.set(id, work);
  }

  function wakeAt(times: readonly Date[], now: Date): void {
    const next = Math.min(...times.map((time) => time.getTime() - now.getTime()));
    if (next < everyMs) alarm = setTimeout(() => rounds.soon(), Math.max(next, 0)).unref();
  }

  return {
    async start() {
      // Notices are handed out one after the other, so that channels are told in the order in which things happened.
      await queue.work('notice.deliver', { concurrency: 1 }, async (notice) => {
        if ((await handOut({ db }, notice)) > 0) rounds.soon();
      });
      rounds.start();
    },
    soon: () => rounds.soon(),
    async stop() {
      stopping.abort();
      clearTimeout(alarm);
      await rounds.stop();
      await Promise.all(underWay.values());
    },
  };
}

/** When a channel that waits is to be looked at again: at the end of its pause, or of its quiet hours. */
function nextLook(row: RawChannel, timezone: string, now: Date): Date[] {
  const { rules, retryAt } = readChannel(row);
  const quietEnd = quietUntil(rules.quiet, timezone, now);
  return [
    ...(retryAt !== null && isPausing(row, now) ? [retryAt] : []),
    ...(quietEnd === undefined ? [] : [quietEnd]),
  ];
}
