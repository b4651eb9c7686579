import { readConfig } from '../config/read-config.ts';
import { takenReportSchema } from '../contract/core.ts';
import type { Database } from '../database/client.ts';
import { millisNow } from '../kernel/clock.ts';
import { removeEntries, writePlain } from '../vault/plain-rows.ts';
import { linkKeys } from './link-state.ts';

/** Clocks that are nearer to one another say nothing, in milliseconds. */
const slack = 3_600_000;

/** Keeps how far this machine's clock is from Core's, which said when it took a report; a Core that is older does not. */
export async function noteClock(db: Database, answer: unknown): Promise<void> {
  const { receivedAt } = takenReportSchema.safeParse(answer).data ?? {};
  if (receivedAt === undefined) return;
  const ahead = millisNow() - Date.parse(receivedAt);
  const isOff = Math.abs(ahead) >= slack;
  const kept = (await readConfig(db.prisma, linkKeys.clockOff)).core_clock_off;
  if (isOff === (kept !== undefined) && Math.abs(ahead - (kept ?? ahead)) < slack) return;
  await db.transaction(async (tx) => {
    if (isOff) await writePlain(tx, { [linkKeys.clockOff]: String(ahead) });
    else await removeEntries(tx, [linkKeys.clockOff]);
  });
}
