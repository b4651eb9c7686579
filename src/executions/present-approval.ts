import type { Approval } from '../contract/approvals.ts';
import { formatToolName } from '../contract/tool-name.ts';
import type { Prisma } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';

export type ApprovalRow = Prisma.ApprovalGetPayload<Record<string, never>>;
type Run = { skillSlug: string; mode: Approval['mode'] };

/** The arguments as they are sent; null once retention dropped them. */
export const argumentsOf = (row: Pick<ApprovalRow, 'arguments'>): Record<string, unknown> | null =>
  row.arguments === '' ? null : (JSON.parse(row.arguments) as Record<string, unknown>);

export const presentApproval = (row: ApprovalRow, { skillSlug, mode }: Run): Approval => ({
  id: row.id,
  executionId: row.executionId,
  skillSlug,
  mode,
  stepId: row.stepId,
  toolUseId: row.toolUseId,
  name: formatToolName(row),
  arguments: argumentsOf(row),
  argumentsHash: Buffer.from(row.argumentsHash).toString('hex'),
  status: row.status,
  decidedBy: row.decidedBy,
  decidedAt: row.decidedAt?.toISOString() ?? null,
  note: row.note,
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
});

export const noApproval = (id: string): AlfredError =>
  new AlfredError('E_NOT_FOUND', `There is no approval ${id}`, {
    remedy: 'npx alfred execution approvals lists those that wait.',
  });
