import { readConfig } from '../config/read-config.ts';
import type { Notices } from '../contract/notices.ts';
import type { Database } from '../database/client.ts';

type Row = {
  waiting: number;
  attempts: number | null;
  oldest: Date | null;
  givenUp: number;
  lastError: string | null;
};

/** How notices stand: what waits to be delivered, and why. */
export async function readNotices({ db }: { db: Database }): Promise<Notices> {
  const { notify_webhook_url: url } = await readConfig(db.prisma, 'notify_webhook_url');
  const [row] = await db.prisma.$queryRaw<Row[]>`
    SELECT count(*) FILTER (WHERE state < 'completed')::int AS waiting,
      max(retry_count) FILTER (WHERE state < 'completed') AS attempts,
      min(created_on) FILTER (WHERE state < 'completed') AS oldest,
      count(*) FILTER (WHERE state = 'failed')::int AS "givenUp",
      (array_agg(output ->> 'message' ORDER BY created_on DESC)
        FILTER (WHERE output IS NOT NULL AND state <> 'completed'))[1] AS "lastError"
    FROM pgboss.job WHERE name = 'notice.deliver'`;
  return {
    origin: url === undefined ? null : new URL(url).origin,
    waiting: row?.waiting ?? 0,
    attempts: row?.attempts ?? 0,
    oldestAt: row?.oldest?.toISOString() ?? null,
    givenUp: row?.givenUp ?? 0,
    lastError: row?.lastError ?? null,
  };
}
