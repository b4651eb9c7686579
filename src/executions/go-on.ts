import { recordAudit } from '../audit/record-audit.ts';
import type { Database } from '../database/client.ts';
import { holdLock } from '../database/locks.ts';
import { removeEntries } from '../vault/plain-rows.ts';
import { stopKey } from './stop-state.ts';

/**
 * Turns the kill switch off: triggers start runs again. Schedules whose time passed meanwhile do as their own `missed` says.
 *
 * @returns whether it was on
 */
export async function goOn({ db }: { db: Database }, actor: string): Promise<boolean> {
  return await db.transaction(async (tx) => {
    await holdLock(tx, 'stop');
    const count = await removeEntries(tx, [stopKey]);
    if (count > 0) await recordAudit(tx, { action: 'stop_all.ended', actor });
    return count > 0;
  });
}
