import type { z } from 'zod';
import { type openSessionSchema, signInWaySchema } from '../../contract/session.ts';
import type { Database, Prisma } from '../../database/client.ts';
import { cutPage, wrongCursor } from '../../database/pages.ts';
import { timeNow } from '../../kernel/clock.ts';
import { rowGuardOf } from '../../vault/row-guard.ts';
import { browserWords } from './browser-words.ts';

type OpenSession = z.output<typeof openSessionSchema>;

const present = (row: Prisma.SessionGetPayload<object>, own: string | undefined): OpenSession => ({
  id: row.id,
  isThis: row.id === own,
  way: signInWaySchema.nullable().catch(null).parse(row.way),
  browser: browserWords(row.userAgent),
  userAgent: row.userAgent,
  address: row.address,
  signedInAt: row.createdAt.toISOString(),
  lastSeenAt: (row.lastUsedAt ?? row.createdAt).toISOString(),
  expiresAt: row.expiresAt.toISOString(),
});

/**
 * A page of the sessions that are open, the newest first. One that is not as this VM wrote it lets nobody in, and is not
 * among them.
 *
 * @param own the caller's, where it is one
 */
export async function listSessions(
  { db }: { db: Database },
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  own: string | undefined,
): Promise<{ items: OpenSession[]; nextCursor: string | null }> {
  if (cursor !== undefined && !/^[0-9a-f-]{36}$/.test(cursor)) throw wrongCursor();
  const rows = await db.prisma.session.findMany({
    where: {
      revokedAt: null,
      expiresAt: { gt: timeNow() },
      ...(cursor === undefined ? {} : { id: { lt: cursor } }),
    },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  const { page, nextCursor } = cutPage(rows, limit, ({ id }) => id);
  const guard = rowGuardOf(db.prisma);
  const items = page.filter((row) => guard.isIntact('sessions', row)).map((row) => present(row, own));
  return { items, nextCursor };
}
