/** Marks of what happened once in the life of a VM (known-keys.ts, `once`). */
import { recordAudit, systemActor } from '../audit/record-audit.ts';
import type { Database } from '../database/client.ts';
import { isAlfredError } from '../kernel/errors.ts';
import { plainPrefix } from '../vault/config-rows.ts';
import { hashOfEntry, writePlain } from '../vault/plain-rows.ts';
import type { internalEntries } from './internal-entries.ts';
import { readConfig } from './read-config.ts';

type Internal = typeof internalEntries;
export type Mark = {
  [Key in keyof Internal]: Internal[Key] extends { once: true } ? Key : never;
}[keyof Internal];

/** Whether it happened. A mark that somebody else removed or changed was there. */
export async function isMarked({ prisma }: Pick<Database, 'prisma'>, key: Mark): Promise<boolean> {
  try {
    return (await readConfig(prisma, key))[key] !== undefined;
  } catch (error) {
    if (isAlfredError(error, 'E_ROW_ALTERED')) return true;
    throw error;
  }
}

export async function mark(db: Database, key: Mark): Promise<void> {
  const text = 'true';
  await db.transaction(async (tx) => {
    await writePlain(tx, { [key]: text });
    const data = { sha256: hashOfEntry(`${plainPrefix}${text}`) };
    await recordAudit(tx, { action: 'config.changed', actor: systemActor, subject: key, data });
  });
}
