import type { Database, Transaction } from '../database/client.ts';
import { readPlain } from '../vault/plain-rows.ts';

/**
 * The text of a plain entry; undefined when it is not there or sealed: no secret comes out of here.
 *
 * @throws AlfredError E_ROW_ALTERED when it is not as this VM left it
 */
export async function getConfig(
  db: { prisma: Database['prisma'] | Transaction },
  key: string,
): Promise<string | undefined> {
  return (await readPlain(db.prisma, [key])).get(key);
}
