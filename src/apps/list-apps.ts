/** The programs that are let in, and shutting one out. */

import { z } from 'zod';
import type { App } from '../contract/apps.ts';
import type { Page } from '../contract/list-items.ts';
import type { Database, Prisma } from '../database/client.ts';
import { cutPage, wrongCursor } from '../database/pages.ts';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import { publisherOf } from './client-document.ts';
import { endGrant } from './grants.ts';

type GrantRow = Prisma.AppGrantGetPayload<object>;

/** Of a grant for chosen skills, whatever stands there: one whose list cannot be read is for none. */
export const skillsOf = ({ skills }: Pick<GrantRow, 'skills'>): string[] | null =>
  skills === null ? null : z.array(z.string()).catch([]).parse(skills);

const present = (row: GrantRow): App => ({
  ...{ id: row.id, name: row.name, publisher: publisherOf(row.clientId), redirectUri: row.redirectUri },
  skills: skillsOf(row),
  createdAt: row.createdAt.toISOString(),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  expiresAt: row.expiresAt.toISOString(),
});

/** A page of those that are in, the newest first. */
export async function listApps(
  { db }: { db: Database },
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<App>> {
  if (cursor !== undefined && !/^[0-9a-f-]{36}$/.test(cursor)) throw wrongCursor();
  const rows = await db.prisma.appGrant.findMany({
    where: {
      ...{ revokedAt: null, expiresAt: { gt: timeNow() } },
      ...(cursor === undefined ? {} : { id: { lt: cursor } }),
    },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  const { page, nextCursor } = cutPage(rows, limit, ({ id }) => id);
  return { items: page.map(present), nextCursor };
}

/** @throws AlfredError E_NOT_FOUND, also when it is out already */
export async function revokeApp({ db }: { db: Database }, id: string, actor: string): Promise<void> {
  const wasIn = await db.transaction((tx) => endGrant(tx, id, actor, 'its owner shut it out'));
  if (!wasIn) throw new AlfredError('E_NOT_FOUND', `There is no app ${id}`);
}
