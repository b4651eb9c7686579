import type { Database, Transaction } from '../database/client.ts';
import { recordAudit } from './record-audit.ts';

/**
 * What executions, calls by hand and versions of skills are held against: hashes, which are kept for as long as their rows;
 * without them anybody could put in or change such a row unseen.
 */
export const neverPruned: readonly string[] = [
  'execution.queued',
  'execution.finished',
  'execution.purged',
  'connection.tool_called',
  'skill.created',
  'skill.changed',
  'skill.adopted',
  'audit.pruned',
];

/** Events in one transaction, about: the checkpoints, some hundred to thousand events apart, say where it ends. */
const batch = 20_000;

export type Pruning = {
  /** Events that were chained before this lose their data. */
  before: Date;
  actor: string;
  /** Ends it between two batches. */
  signal?: AbortSignal;
};

/**
 * Drops the data of old events, up to the last checkpoint before `before` and never beyond one. The events themselves stay,
 * and the hash of their data: the chain verifies as before. What an earlier pruning went over is not looked at again. In
 * batches, each with its own event; one process at a time, for which the caller cares.
 *
 * @returns the last event whose data may be gone; 0 when there was nothing to prune
 */
export async function pruneAudit(
  { db }: { db: Database },
  { before, actor, signal }: Pruning,
): Promise<number> {
  let from = await readPrunedUpTo(db);
  let last = 0;
  while (signal?.aborted !== true) {
    const upTo = await findEnd(db, from, before);
    if (upTo === undefined) break;
    const pruned = await db.transaction((tx) => pruneBatch(tx, { from, upTo, actor }), {
      timeoutMs: 120_000,
    });
    if (pruned > 0) last = upTo;
    from = upTo;
  }
  return last;
}

async function pruneBatch(
  tx: Transaction,
  { from, upTo, actor }: { from: number; upTo: number; actor: string },
): Promise<number> {
  const pruned = await tx.$executeRaw`
    UPDATE audit_events SET data = NULL
    WHERE seq > ${from} AND seq <= ${upTo} AND data IS NOT NULL AND NOT action = ANY(${[...neverPruned]})`;
  if (pruned > 0) await recordAudit(tx, { action: 'audit.pruned', actor, data: { upTo, pruned } });
  return pruned;
}

/** The checkpoint that a batch ends at: the last one within its size, or the next when none is so near. */
async function findEnd(db: Database, from: number, before: Date): Promise<number | undefined> {
  const old = { at: { lt: before } };
  const checkpoint =
    (await db.prisma.auditCheckpoint.findFirst({
      where: { ...old, seq: { gt: from, lte: from + batch } },
      orderBy: { seq: 'desc' },
    })) ??
    (await db.prisma.auditCheckpoint.findFirst({
      where: { ...old, seq: { gt: from } },
      orderBy: { seq: 'asc' },
    }));
  return checkpoint === null ? undefined : Number(checkpoint.seq);
}

/**
 * How far the prunings on record went, those included that are not chained yet; 0 when there was none.
 *
 * @param behind looks at what stands behind this event alone
 */
export async function readPrunedUpTo(db: Pick<Database, 'pool'>, behind = 0): Promise<number> {
  const { rows } = await db.pool.query<{ upTo: unknown }>(
    `SELECT data -> 'upTo' AS "upTo" FROM audit_events WHERE action = 'audit.pruned' AND seq > $1
     UNION ALL SELECT data -> 'upTo' FROM audit_inbox WHERE action = 'audit.pruned'`,
    [behind],
  );
  return Math.max(0, ...rows.map(({ upTo }) => Number(upTo)).filter(Number.isSafeInteger));
}
