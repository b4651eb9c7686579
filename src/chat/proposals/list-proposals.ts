import type { Proposal, ProposalQuery } from '../../contract/proposals.ts';
import type { Database, Prisma } from '../../database/client.ts';
import { cutPage } from '../../database/pages.ts';
import { presentProposal } from './present-proposal.ts';

/** The newest first. */
export async function listProposals(
  { db }: { db: Database },
  { limit, cursor, status, conversationId }: ProposalQuery,
): Promise<{ items: Proposal[]; nextCursor: string | null }> {
  const where: Prisma.ProposalWhereInput = {
    ...(cursor === undefined ? {} : { id: { lt: cursor } }),
    ...(status === undefined ? {} : { status }),
    ...(conversationId === undefined ? {} : { origin: { path: ['conversationId'], equals: conversationId } }),
  };
  const rows = await db.prisma.proposal.findMany({ where, orderBy: { id: 'desc' }, take: limit + 1 });
  const { page, nextCursor } = cutPage(rows, limit, ({ id }) => id);
  const items: Proposal[] = [];
  for (const row of page) items.push(await presentProposal(db.prisma, row));
  return { items, nextCursor };
}
