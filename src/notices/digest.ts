/** What came of a day, told at a time of the day. */
import type { ChannelRules } from '../contract/channels.ts';
import { type Database, Prisma } from '../database/client.ts';
import { headlineOf } from '../executions/headline.ts';
import { newId } from '../kernel/ids.ts';
import { lastFire } from '../schedules/schedule.ts';
import type { RawChannel } from './channel-row.ts';
import { readChannel } from './channel-row.ts';
import type { ComposeDeps } from './compose.ts';
import { oneLine } from './cut-text.ts';
import type { Message } from './message.ts';
import { daily } from './quiet-hours.ts';

/** What came of the runs from the end of the digest before, `from`, to `at`. */
export type Digest = { noticeId: string; event: 'digest'; at: string; from: string };

export const isDigest = (notice: { event: string }): notice is Digest => notice.event === 'digest';

const dayMs = 86_400_000;
/** How many runs a digest names. */
const most = 50;

/** Writes the digest that is due by now as a delivery, once. Digests that were missed while the VM was off become one. */
export async function makeDigest(
  { db }: { db: Database },
  raw: RawChannel,
  timezone: string,
  now: Date,
): Promise<void> {
  const { id, rules, createdAt, lastDigestAt } = readChannel(raw);
  if (rules.digestAt === null) return;
  const since = new Date(Math.max((lastDigestAt ?? createdAt).getTime(), now.getTime() - 3 * dayMs));
  const due = lastFire(daily(rules.digestAt, timezone), since, now)?.last;
  if (due === undefined || due <= (lastDigestAt ?? createdAt)) return;
  const from = new Date(Math.max(lastDigestAt?.getTime() ?? 0, due.getTime() - 3 * dayMs));
  const digest: Digest = {
    ...{ noticeId: newId(), event: 'digest', at: due.toISOString() },
    from: (lastDigestAt === null ? new Date(due.getTime() - dayMs) : from).toISOString(),
  };
  await db.transaction(async (tx) => {
    const { count } = await tx.noticeChannel.updateMany({
      where: { id, lastDigestAt },
      data: { lastDigestAt: due },
    });
    // Another process wrote it first.
    if (count === 0) return;
    await tx.noticeDelivery.create({
      data: {
        ...{ id: newId(), channelId: id, noticeId: digest.noticeId, at: due },
        notice: digest as unknown as Prisma.InputJsonValue,
      },
    });
  });
}

type Run = {
  id: string;
  slug: string;
  name: string | null;
  status: string;
  output: string | null;
  error: string | null;
  total: number;
};

/** The words of a digest, as much of them as the channel is told. */
export async function composeDigest(
  { db, vault, settings }: ComposeDeps,
  { noticeId, at, from }: Digest,
  { content, skills }: Pick<ChannelRules, 'content' | 'skills'>,
): Promise<Message> {
  await vault.upToDate();
  const runs = await db.prisma.$queryRaw<Run[]>`
    SELECT e.id::text, e.skill_slug AS slug, s.name, e.status::text, e.output, e.error, count(*) OVER ()::int AS total
    FROM executions e LEFT JOIN skills s ON s.id = e.skill_id
    WHERE e.completed_at > ${from}::timestamptz AND e.completed_at <= ${at}::timestamptz
      AND e.mode = 'live' AND e.definition IS NULL AND e.status IN ('succeeded', 'failed')
      AND e.skill_slug <> 'chat'
      ${skills === null ? Prisma.empty : Prisma.sql`AND e.skill_slug = ANY(${skills})`}
    ORDER BY e.completed_at LIMIT ${most}`;
  const total = runs[0]?.total ?? 0;
  const failed = runs.filter(({ status }) => status === 'failed').length;
  const { redactor } = vault;
  const items = runs.map(({ id, slug, name, status, output, error }) => {
    const whole = redactor.text((status === 'failed' ? error : output) ?? '');
    return { id, skillSlug: slug, name: name ?? slug, status, headline: headlineOf(whole), whole };
  });
  const title =
    total === 0
      ? 'Your day: nothing ran'
      : `Your day: ${total} ${total === 1 ? 'run' : 'runs'}${failed === 0 ? '' : `, ${failed} failed`}`;
  const lines = items.map(
    ({ name, status, headline, whole }) =>
      `${status === 'failed' ? '✗' : '✓'} ${name}: ${(content === 'whole' ? whole : headline) || status}`,
  );
  const more = total > items.length ? [`… and ${total - items.length} more`] : [];
  const shown = items.map(({ whole, headline, ...rest }) =>
    content === 'whole' ? { ...rest, headline, result: whole } : { ...rest, headline },
  );
  const page = settings.publicUrl;
  return {
    ...{ id: noticeId, at, page, path: '/', links: [], thread: 'digest', isUrgent: false },
    title: oneLine(redactor.text(title)),
    text:
      content === 'happened'
        ? ''
        : redactor.text([...lines, ...more].join(content === 'whole' ? '\n\n' : '\n')),
    body: {
      type: 'digest',
      timestamp: at,
      data: redactor.value({
        ...{ from, total },
        ...(content === 'happened' ? {} : { runs: shown }),
        ...(page === undefined ? {} : { url: page }),
      }),
    },
  };
}
