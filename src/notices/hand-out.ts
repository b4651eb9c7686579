/** From one notice a delivery for each channel that wants it. */
import type { NoticeEvent } from '../contract/channel-kinds.ts';
import type { ChannelRules } from '../contract/channels.ts';
import type { Database, Prisma } from '../database/client.ts';
import { newId } from '../kernel/ids.ts';
import type { News, Notice } from '../queue/queue.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import { readChannel } from './channel-row.ts';

/** The kind of each event, by which an owner chooses what a channel tells. */
const kinds: Record<News['event'], NoticeEvent> = {
  failed: 'failed',
  waiting: 'waiting',
  done: 'done',
  needs_login: 'login',
  backup_failed: 'backup',
  backup_overdue: 'backup',
  budget_near: 'budget',
  model_trouble: 'model',
  channel_failed: 'channel',
};

/**
 * Writes the deliveries of a notice, each once, however often it is handed out.
 *
 * @returns how many channels are to be told
 */
export async function handOut({ db }: { db: Database }, notice: Notice): Promise<number> {
  return await db.transaction(async (tx) => {
    const run = 'executionId' in notice ? notice.executionId : undefined;
    const slug =
      run === undefined
        ? undefined
        : (await tx.execution.findUnique({ where: { id: run }, select: { skillSlug: true } }))?.skillSlug;
    const guard = rowGuardOf(tx);
    const rows = await tx.noticeChannel.findMany({ where: { isActive: true }, orderBy: { name: 'asc' } });
    const channels = rows
      // A row that somebody else wrote does not decide what is told, and where.
      .filter((row) => guard.isIntact('notice_channels', row))
      .map(readChannel)
      .filter(({ name, rules }) => !isOf(notice, name) && wants(rules, notice, slug));
    const { count } = await tx.noticeDelivery.createMany({
      data: channels.map(({ id }) => ({
        ...{ id: newId(), channelId: id, noticeId: notice.noticeId, at: new Date(notice.at) },
        notice: notice as unknown as Prisma.InputJsonValue,
      })),
      skipDuplicates: true,
    });
    return count;
  });
}

/** Whether a notice is about this very channel, which is not told that it takes nothing. */
const isOf = (notice: Notice, name: string): boolean =>
  notice.event === 'channel_failed' && notice.channel === name;

const wants = ({ events, skills }: ChannelRules, { event }: Notice, slug: string | undefined): boolean =>
  events.includes(kinds[event]) && (skills === null || slug === undefined || skills.includes(slug));
