import { recordAudit } from '../audit/record-audit.ts';
import type { StopAll, Stopped } from '../contract/budget.ts';
import type { Transaction } from '../database/client.ts';
import { holdLock } from '../database/locks.ts';
import { timeNow } from '../kernel/clock.ts';
import { isAlfredError } from '../kernel/errors.ts';
import { writePlain } from '../vault/plain-rows.ts';
import { endMarked } from './cancel-runs.ts';
import type { StartDeps } from './start-execution.ts';
import { readStop, stopKey } from './stop-state.ts';

/**
 * The kill switch: cancels every execution that has not ended, and keeps all but the owner's own hand from starting others
 * until `goOn`. Pulled again, it cancels again, and keeps who stopped first.
 */
export async function stopAll(deps: StartDeps, actor: string): Promise<StopAll> {
  const { db } = deps;
  const { stopped, ids } = await db.transaction(async (tx) => {
    // Behind this, whatever starts by itself sees the switch; what started before is seen here.
    await holdLock(tx, 'stop');
    const now: Stopped = { since: timeNow().toISOString(), by: actor };
    const stopped = (await readStopAnyway(tx)) ?? now;
    await writePlain(tx, { [stopKey]: JSON.stringify(stopped) });
    // Marked all at once: none that waits is begun while others are being ended.
    const open = await tx.$queryRaw<{ id: string }[]>`
      UPDATE executions SET cancel_requested_at = coalesce(cancel_requested_at, now())
      WHERE status IN ('queued', 'running', 'waiting_approval') RETURNING id`;
    await recordAudit(tx, { action: 'stop_all.requested', actor, data: { executions: open.length } });
    return { stopped, ids: open.map(({ id }) => id) };
  });
  await endMarked(deps, ids, actor);
  return { stopped, cancelled: ids.length };
}

/** Who turned the switch before; undefined also where somebody else wrote it: it is turned anew then. */
async function readStopAnyway(tx: Transaction): Promise<Stopped | undefined> {
  try {
    return await readStop(tx);
  } catch (error) {
    if (isAlfredError(error, 'E_ROW_ALTERED')) return undefined;
    throw error;
  }
}
