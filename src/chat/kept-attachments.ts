import { attachmentLimits } from '../contract/attachment-limits.ts';
import type { Transaction } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { CheckedAttachment } from './check-attachments.ts';

/**
 * What is sent once more: attachments of messages of the conversation before.
 *
 * @param added what comes with it for the first time: both together keep to the limits
 * @throws AlfredError E_VALIDATION naming each that the conversation does not have, or not any more
 */
export async function keptAttachments(
  tx: Pick<Transaction, 'attachment'>,
  conversationId: string,
  ids: readonly string[],
  added: readonly CheckedAttachment[],
): Promise<CheckedAttachment[]> {
  if (ids.length === 0) return [];
  const rows = await tx.attachment.findMany({ where: { id: { in: [...ids] }, message: { conversationId } } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const kept = ids.map((id, index): CheckedAttachment => {
    const row = byId.get(id);
    if (row === undefined || row.data === null)
      throw refused(`/attachmentIds/${index}`, 'is no attachment of this conversation that is still there');
    const { name, mediaType } = row;
    return { name, mediaType, data: Buffer.from(row.data), sha256: Uint8Array.from(row.sha256) };
  });
  const all = [...kept, ...added];
  if (all.length > attachmentLimits.count)
    throw refused('/attachmentIds', `are too many: ${attachmentLimits.count} go with one message`);
  if (all.reduce((sum, { data }) => sum + data.length, 0) > attachmentLimits.totalBytes)
    throw refused('/attachmentIds', 'are larger than 15 MiB together');
  return kept;
}

const refused = (field: string, message: string): AlfredError =>
  new AlfredError('E_VALIDATION', `What is attached cannot go along: ${field} ${message}.`, {
    fields: [{ field, message }],
  });
