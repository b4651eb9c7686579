import type { Proposal, ProposalDecision } from '../../contract/proposals.ts';
import { skillDefinitionSchema } from '../../contract/skills.ts';
import type { Database, Transaction } from '../../database/client.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { createSkill } from '../../skills/create-skill.ts';
import { updateSkill } from '../../skills/update-skill.ts';
import { rowGuardOf } from '../../vault/row-guard.ts';
import type { Vault } from '../../vault/vault.ts';
import { type ProposalRow, presentProposal } from './present-proposal.ts';

type Deps = { db: Database; vault: Vault };

/** @throws AlfredError E_NOT_FOUND */
export async function findProposal(
  { db }: { db: { prisma: Pick<Transaction, 'proposal'> } },
  id: string,
): Promise<ProposalRow> {
  const row = await db.prisma.proposal.findUnique({ where: { id } });
  if (row === null) throw new AlfredError('E_NOT_FOUND', `There is no proposal ${id}.`);
  return row;
}

export async function listProposals(
  { db }: Pick<Deps, 'db'>,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
) {
  const rows = await db.prisma.proposal.findMany({
    ...(cursor === undefined ? {} : { where: { id: { lt: cursor } } }),
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  const items: Proposal[] = [];
  for (const row of rows.slice(0, limit)) items.push(await presentProposal(db.prisma, row));
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/**
 * A person's word about a proposal. Accepted, it is saved as a skill that was taught, or as a new version of one.
 *
 * @throws AlfredError E_NOT_FOUND; E_CONFLICT when it was decided; E_ROW_ALTERED; E_STALE_PROPOSAL; what keeps a skill from being saved
 */
export async function decideProposal(
  deps: Deps,
  id: string,
  { decision, definition, actor }: ProposalDecision & { actor: string },
): Promise<Proposal> {
  const row = await findProposal(deps, id);
  const shown = await presentProposal(deps.db.prisma, row);
  if (row.status !== 'open')
    throw new AlfredError('E_CONFLICT', `This proposal was ${row.status} by ${row.decidedBy}; that stands.`);
  if (decision === 'accept') {
    rowGuardOf(deps.db.prisma).check('proposals', row);
    if (shown.status === 'stale') {
      throw new AlfredError('E_STALE_PROPOSAL', `The skill "${row.slug}" changed since this was proposed.`, {
        remedy: 'Propose it again, and look at the difference.',
      });
    }
    const accepted = definition ?? skillDefinitionSchema.parse(row.definition);
    const author = { actor, mayLoosen: true, note: `taught: proposal ${id}` };
    if (row.baseVersion === null) await createSkill(deps, accepted, { ...author, source: 'taught' });
    else await updateSkill(deps, row.slug, { ...accepted }, author);
  }
  const status = decision === 'accept' ? 'accepted' : 'rejected';
  await deps.db.prisma.proposal.updateMany({
    where: { id, status: 'open' },
    data: { status, decidedBy: actor, decidedAt: new Date() },
  });
  return await presentProposal(deps.db.prisma, await findProposal(deps, id));
}
