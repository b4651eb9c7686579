import type { AuditEvent, AuditQuery } from '../contract/audit.ts';
import type { Database } from '../database/client.ts';
import { cutPage, wrongCursor } from '../database/pages.ts';

/** A page of the audit log, the newest first. */
export async function listAudit(
  { db }: { db: Database },
  { limit, cursor, action, actor, subject }: AuditQuery,
): Promise<{ items: AuditEvent[]; nextCursor: string | null }> {
  if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) throw wrongCursor();
  const isGroup = action !== undefined && !action.includes('.');
  const rows = await db.prisma.auditEvent.findMany({
    where: {
      ...(cursor === undefined ? {} : { seq: { lt: BigInt(cursor) } }),
      ...(action === undefined ? {} : { action: isGroup ? { startsWith: `${action}.` } : action }),
      ...(actor === undefined ? {} : { actor }),
      ...(subject === undefined ? {} : { subject }),
    },
    orderBy: { seq: 'desc' },
    take: limit + 1,
  });
  const { page, nextCursor } = cutPage(rows, limit, ({ seq }) => seq.toString());
  const items = page.map((row) => ({
    seq: Number(row.seq),
    id: row.id,
    at: row.at.toISOString(),
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    data: row.data as Record<string, unknown> | null,
    payloadHash: Buffer.from(row.payloadHash).toString('hex'),
    chain: Buffer.from(row.chain).toString('hex'),
  }));
  return { items, nextCursor };
}
