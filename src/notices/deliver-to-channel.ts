/** What waits for one channel, in order, until it is told or takes nothing. */
import { readConfig } from '../config/read-config.ts';
import { type Backoff, doubled } from '../kernel/backoff.ts';
import type { Clock } from '../kernel/clock.ts';
import { withRemedy } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { announce } from '../queue/announce.ts';
import type { Notice, Queue } from '../queue/queue.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import { makeLinks } from './approval-links.ts';
import { type ChannelRow, type RawChannel, readChannel } from './channel-row.ts';
import { compose } from './compose.ts';
import { composeDigest, type Digest, isDigest } from './digest.ts';
import { endChannel } from './end-channel.ts';
import { SendFailure } from './outside.ts';
import { quietUntil } from './quiet-hours.ts';
import { type SendDeps, sendMessage } from './send-notice.ts';

export type DeliverDeps = SendDeps & { queue: Queue; log: Logger; clock: Clock };

/** The pauses between attempts: 2 seconds, then twice as long each time up to an hour. */
const pauses: Backoff = { baseMs: 2000, capMs: 3_600_000 };
/** A notice that could not be delivered for this long is given up, in milliseconds: three days. */
const longestWaitMs = 3 * 86_400_000;
/** After this many refusals it is the message itself that is refused: it is given up, so that those behind it need not wait. */
const mostRefusals = 5;
/** A failure that lasts longer is an error in the log; one that lasts as long as the second is told by the other channels. In milliseconds. */
const longFailureMs = 60_000;
const tellOthersMs = 3_600_000;

type Delivery = { id: string; notice: Notice | Digest; attempts: number; createdAt: Date };

/** Whether a channel is left alone until later. A time further ahead than the longest pause is from before the clock was put back, and does not count. */
export const isPausing = ({ retryAt }: Pick<RawChannel, 'retryAt'>, now: Date): boolean =>
  retryAt !== null && retryAt > now && retryAt.getTime() - now.getTime() <= pauses.capMs + 60_000;

/** @throws what the database throws; the reason of `signal` as it is */
export async function deliverToChannel(
  deps: DeliverDeps,
  channelId: string,
  signal: AbortSignal,
): Promise<void> {
  const { db, clock, log } = deps;
  for (;;) {
    signal.throwIfAborted();
    const raw = await db.prisma.noticeChannel.findUnique({ where: { id: channelId } });
    const now = clock.now();
    if (raw === null || !raw.isActive || isPausing(raw, now)) return;
    if (!rowGuardOf(db.prisma).isIntact('notice_channels', raw)) {
      log.error(
        { channel: raw.name },
        'the channel is not as this VM wrote it (E_ROW_ALTERED): it is told nothing',
      );
      return;
    }
    const channel = readChannel(raw);
    const { timezone } = await readConfig(db.prisma, 'timezone');
    const isQuiet = quietUntil(channel.rules.quiet, timezone, now) !== undefined;
    const next = await firstDue(deps, channel, isQuiet);
    if (next === undefined) return;
    if (!(await deliver(deps, channel, next, signal))) return;
  }
}

/** The first notice that is due: in quiet hours only a call that waits, where the owner wants that; everything else waits for their end. */
async function firstDue(
  { db }: DeliverDeps,
  { id, rules }: ChannelRow,
  isQuiet: boolean,
): Promise<Delivery | undefined> {
  if (isQuiet && !rules.urgent) return undefined;
  const row = await db.prisma.noticeDelivery.findFirst({
    where: {
      ...{ channelId: id, status: 'waiting' },
      ...(isQuiet ? { notice: { path: ['event'], equals: 'waiting' } } : {}),
    },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  });
  return row === null ? undefined : { ...row, notice: row.notice as unknown as Notice | Digest };
}

/** @returns whether the channel goes on: it took the notice, or this one was given up */
async function deliver(
  deps: DeliverDeps,
  channel: ChannelRow,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<boolean> {
  const { log, vault } = deps;
  const { notice } = delivery;
  const facts = { channel: channel.name, event: notice.event, notice: notice.noticeId };
  try {
    const message = isDigest(notice)
      ? await composeDigest(deps, notice, channel.rules)
      : await compose(deps, notice, channel.rules);
    const links = isDigest(notice) ? [] : await makeLinks(deps.db, deps.settings.publicUrl, channel, notice);
    await sendMessage(deps, channel, { ...message, links }, signal);
    await noteDelivered(deps, channel, delivery);
    log.debug(facts, 'notice delivered');
    return true;
  } catch (error) {
    // Whether the other side took it is not known, so the next start sends it again.
    if (signal.aborted) throw error;
    const why = vault.redactor.text(withRemedy(error));
    if (error instanceof SendFailure && error.isEnd) {
      await endChannel(deps, channel.name, why);
      log.error(facts, `the channel ${channel.name} is switched off: ${why}`);
      return false;
    }
    if (error instanceof SendFailure && error.isTaken) {
      await noteDelivered(deps, channel, delivery);
      log.error(facts, `the channel ${channel.name} reaches some of those it names only: ${why}`);
      return true;
    }
    const isGivenUp = await noteFailure(deps, channel, delivery, { error, why });
    const next = isGivenUp ? 'it is given up' : 'it is tried again';
    const since = deps.clock.now().getTime() - (channel.failingSince ?? deps.clock.now()).getTime();
    const line = `the channel ${channel.name} takes no notice: ${why} (${next})`;
    if (isGivenUp || since > longFailureMs) log.error(facts, line);
    else log.warn(facts, line);
    return isGivenUp;
  }
}

async function noteDelivered(
  { db, clock }: DeliverDeps,
  { id }: ChannelRow,
  delivery: Delivery,
): Promise<void> {
  const now = clock.now();
  await db.transaction(async (tx) => {
    await tx.noticeDelivery.updateMany({
      where: { id: delivery.id },
      data: { status: 'delivered', settledAt: now, attempts: { increment: 1 }, error: null },
    });
    await tx.noticeChannel.updateMany({
      where: { id },
      data: {
        ...{ failures: 0, failingSince: null, retryAt: null, lastError: null, toldOfFailure: false },
        lastDeliveredAt: now,
      },
    });
  });
}

/** @returns whether the notice is given up */
async function noteFailure(
  { db, queue, clock }: DeliverDeps,
  channel: ChannelRow,
  { id, attempts, createdAt }: Delivery,
  { error, why }: { error: unknown; why: string },
): Promise<boolean> {
  const now = clock.now();
  const isRefused = error instanceof SendFailure && error.isRefusal && attempts + 1 >= mostRefusals;
  const isGivenUp = isRefused || now.getTime() - createdAt.getTime() > longestWaitMs;
  const failures = channel.failures + 1;
  const failingSince = channel.failingSince ?? now;
  const asked = error instanceof SendFailure ? error.retryAfterMs : undefined;
  const pause = Math.max(asked ?? 0, doubled(failures, pauses));
  const isNews = !channel.toldOfFailure && now.getTime() - failingSince.getTime() >= tellOthersMs;
  await db.transaction(async (tx) => {
    await tx.noticeDelivery.updateMany({
      where: { id },
      data: {
        ...{ attempts: { increment: 1 }, error: why },
        ...(isGivenUp ? { status: 'given_up', settledAt: now } : {}),
      },
    });
    await tx.noticeChannel.updateMany({
      where: { id: channel.id },
      data: {
        ...{ failures, failingSince, lastError: why, retryAt: new Date(now.getTime() + pause) },
        ...(isNews ? { toldOfFailure: true } : {}),
      },
    });
    if (!isNews) return;
    const detail = { error: why, since: failingSince.toISOString() };
    await announce({ queue, tx }, { event: 'channel_failed', channel: channel.name, at: now, detail });
  });
  return isGivenUp;
}
