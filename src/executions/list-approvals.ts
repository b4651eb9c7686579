import { z } from 'zod';
import type { Approval, ApprovalQuery } from '../contract/approvals.ts';
import type { Database } from '../database/client.ts';
import { cutPage, wrongCursor } from '../database/pages.ts';
import { noApproval, presentApproval } from './present-approval.ts';

const withRun = { execution: { select: { skillSlug: true, mode: true } } } as const;

/**
 * A page of approvals, the newest first.
 *
 * @throws AlfredError E_VALIDATION for a cursor that no page gave
 */
export async function listApprovals(
  { db }: { db: Database },
  { status, execution, limit, cursor }: ApprovalQuery,
): Promise<{ items: Approval[]; nextCursor: string | null }> {
  if (cursor !== undefined && !z.guid().safeParse(cursor).success) throw wrongCursor();
  const rows = await db.prisma.approval.findMany({
    where: {
      ...(status === undefined ? {} : { status }),
      ...(execution === undefined ? {} : { executionId: execution }),
      // Ids are sortable by time.
      ...(cursor === undefined ? {} : { id: { lt: cursor } }),
    },
    orderBy: { id: 'desc' },
    take: limit + 1,
    include: withRun,
  });
  const { page, nextCursor } = cutPage(rows, limit, ({ id }) => id);
  return {
    items: page.map((row) => presentApproval(row, row.execution)),
    nextCursor,
  };
}

/** @throws AlfredError E_NOT_FOUND */
export async function getApproval({ db }: { db: Database }, id: string): Promise<Approval> {
  const row = await db.prisma.approval.findUnique({ where: { id }, include: withRun });
  if (!row) throw noApproval(id);
  return presentApproval(row, row.execution);
}
