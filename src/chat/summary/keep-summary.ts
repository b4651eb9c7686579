import type { ConversationSummary } from '../../contract/chat.ts';
import { Prisma, type Transaction } from '../../database/client.ts';
import { storableText } from '../../database/storable.ts';
import { timeNow } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import { rowGuardOf } from '../../vault/row-guard.ts';

export type NewSummary = {
  conversationId: string;
  /** The last answer of which it tells, and its turn. */
  untilId: string;
  untilTurn: number;
  /** The turn that begins with it. */
  executionId: string;
  /** Redacted. */
  text: string;
  messages: number;
  costUsd: number | null;
};

/** Writes down what the earlier messages of a conversation were summed up to: later turns go on from it. */
export async function keepSummary(tx: Transaction, summary: NewSummary): Promise<ConversationSummary> {
  const { conversationId, untilId, untilTurn, executionId, messages } = summary;
  const text = storableText(summary.text);
  const signed = { id: newId(), conversationId, untilId, untilTurn, text };
  const row = await tx.conversationSummary.create({
    data: {
      ...signed,
      createdAt: timeNow(),
      executionId,
      messages,
      costUsd: summary.costUsd === null ? null : new Prisma.Decimal(summary.costUsd),
      mac: rowGuardOf(tx).sign('conversation_summaries', signed),
    },
  });
  return presentSummary(row);
}

type SummaryRow = Prisma.ConversationSummaryGetPayload<object>;

export const presentSummary = (row: SummaryRow): ConversationSummary => ({
  id: row.id,
  untilId: row.untilId,
  executionId: row.executionId,
  text: row.text,
  messages: row.messages,
  costUsd: row.costUsd?.toNumber() ?? null,
  createdAt: row.createdAt.toISOString(),
});
