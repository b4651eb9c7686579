import type { Database, Transaction } from '../database/client.ts';

const plainPrefix = 'plain:';

/** The text of a plain entry; undefined when it is not there or sealed: no secret comes out of here. */
export async function getConfig(
  db: { prisma: Database['prisma'] | Transaction },
  key: string,
): Promise<string | undefined> {
  const row = await db.prisma.config.findUnique({ where: { key } });
  return row?.value.startsWith(plainPrefix) ? row.value.slice(plainPrefix.length) : undefined;
}
