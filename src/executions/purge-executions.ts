import { recordPurged } from '../audit/record-purged.ts';
import { type Database, Prisma, type Transaction } from '../database/client.ts';
import { storableText } from '../database/storable.ts';

export type PurgeRequest = {
  /** Some hundred at most. Those that have not ended, were purged before or are being purged are left alone. */
  ids: readonly string[];
  actor: string;
  reason: 'by age' | 'by total bytes' | 'by hand';
};

/**
 * Drops the payloads of finished executions in one transaction: input, output, trace, the definition of a draft, events, outputs
 * of steps, arguments and results of tool calls; of a conversation what was said, and its summaries. Rows, hashes and metrics
 * stay, and the purge is on record. The database permits this change alone.
 *
 * @returns how many were purged, and how many bytes (as text) that was
 */
export async function purgeExecutions(
  { db }: { db: Database },
  { ids, actor, reason }: PurgeRequest,
): Promise<{ purged: number; bytes: number }> {
  if (ids.length === 0) return { purged: 0, bytes: 0 };
  return await db.transaction(
    async (tx) => {
      const rows = await tx.$queryRaw<{ id: string; bytes: bigint | null }[]>`
        SELECT id::text, payload_bytes AS bytes FROM executions
        WHERE id = ANY(${[...ids]}::uuid[]) AND completed_at IS NOT NULL AND purged_at IS NULL
        ORDER BY id FOR UPDATE SKIP LOCKED`;
      const executionIds = rows.map(({ id }) => id);
      if (executionIds.length === 0) return { purged: 0, bytes: 0 };
      await recordPurged(tx, { actor: storableText(actor), executionIds, reason });
      const where = { executionId: { in: executionIds } };
      // First, as the guards of the others look whether it is so.
      await tx.$executeRaw`
        UPDATE executions SET purged_at = now(), input = NULL, output = NULL, trace = NULL, definition = NULL
        WHERE id = ANY(${executionIds}::uuid[])`;
      await tx.executionStep.updateMany({
        where: { ...where, output: { not: null } },
        data: { output: null },
      });
      await tx.toolCall.updateMany({
        where,
        data: { arguments: Prisma.JsonNull, result: Prisma.DbNull, error: null },
      });
      await tx.approval.updateMany({ where, data: { arguments: '', note: null, mac: null } });
      await tx.executionEvent.deleteMany({ where });
      await tx.endedEvents.deleteMany({ where });
      // Whoever wants a run's content gone means what they said of it as well; age alone takes no word of the owner's.
      if (reason === 'by hand') {
        const commented = { ...where, comment: { not: null } };
        await tx.executionMark.updateMany({ where: commented, data: { comment: null } });
      }
      await tx.attachment.updateMany({
        where: { message: where, data: { not: null } },
        data: { data: null, name: '' },
      });
      await tx.message.updateMany({ where, data: { text: '', content: Prisma.DbNull, mac: null } });
      await emptySummaries(tx, executionIds);
      return {
        purged: executionIds.length,
        bytes: rows.reduce((sum, row) => sum + Number(row.bytes ?? 0n), 0),
      };
    },
    { timeoutMs: 120_000 },
  );
}

/** Of each summary that tells of a message which is purged. */
const emptySummaries = (tx: Transaction, executionIds: readonly string[]): Promise<number> =>
  tx.$executeRaw`
    UPDATE conversation_summaries s SET text = '', mac = NULL
    WHERE text <> '' AND EXISTS (
      SELECT FROM messages m
      WHERE m.conversation_id = s.conversation_id AND m.turn <= s.until_turn
        AND m.execution_id = ANY(${[...executionIds]}::uuid[]))`;
