import type { Database } from '../database/client.ts';
import { recordAudit } from './record-audit.ts';

/** What a finished execution is held against: hashes alone, which are kept for as long as the execution is. */
export const neverPruned: readonly string[] = [
  'execution.queued',
  'execution.finished',
  'execution.purged',
  'audit.pruned',
];

/**
 * Drops the data of old events, up to the last checkpoint before `before` and never beyond one. The events themselves stay,
 * and the hash of their data: the chain verifies as before.
 *
 * @returns the last event whose data may be gone; 0 when there was nothing to prune
 */
export async function pruneAudit(
  { db }: { db: Database },
  { before, actor }: { before: Date; actor: string },
): Promise<number> {
  return db.transaction(
    async (tx) => {
      const checkpoint = await tx.auditCheckpoint.findFirst({
        where: { at: { lt: before } },
        orderBy: { number: 'desc' },
      });
      if (!checkpoint) return 0;
      const upTo = Number(checkpoint.seq);
      const pruned = await tx.$executeRaw`
        UPDATE audit_events SET data = NULL
        WHERE seq <= ${upTo} AND data IS NOT NULL AND NOT action = ANY(${[...neverPruned]})`;
      if (pruned > 0) await recordAudit(tx, { action: 'audit.pruned', actor, data: { upTo, pruned } });
      return pruned > 0 ? upTo : 0;
    },
    { timeoutMs: 600_000 },
  );
}
