import type { AuditAction } from '../contract/audit-actions.ts';
import type { Transaction } from '../database/client.ts';
import { storableJson, storableText } from '../database/storable.ts';
import { timeNow } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';

/** Who acts when nobody asked: the VM itself. */
export const systemActor = 'system';

export type NewAuditEvent = {
  action: AuditAction;
  /** Who or what did it: `owner`, `token:<id>`, `system`, a trigger. */
  actor: string;
  /** What it was done to: an execution's id, a connection's name, a config key. */
  subject?: string;
  /** What else there is to know. No secret, and nothing of a run's content. */
  data?: Readonly<Record<string, unknown>>;
};

/**
 * Puts an act on record, in the transaction of the act itself: both are committed, or neither is. It is chained a moment
 * after the commit (append-events.ts).
 *
 * @param tx `db.prisma` for what changes nothing else, such as a failed sign-in
 */
export const recordAudit = (tx: Pick<Transaction, '$executeRaw'>, event: NewAuditEvent): Promise<void> =>
  recordAudits(tx, [event]);

/** Puts several acts on record at once, in order. */
export async function recordAudits(
  tx: Pick<Transaction, '$executeRaw'>,
  events: readonly NewAuditEvent[],
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO audit_inbox (id, at, actor, action, subject, data)
    SELECT id, at, actor, action, subject, data
    FROM json_to_recordset(${JSON.stringify(auditRowsOf(events))}::text::json)
      AS event (id uuid, at timestamptz, actor text, action text, subject text, data jsonb)`;
}

/** Acts as the inbox has them, in order: for a statement that writes them together with what they are about. */
export function auditRowsOf(events: readonly NewAuditEvent[]) {
  const at = timeNow().toISOString();
  return events.map(({ action, actor, subject, data = {} }) => ({
    id: newId(),
    at,
    actor: storableText(actor),
    action,
    data: storableJson(data),
    subject: subject === undefined ? null : storableText(subject),
  }));
}
