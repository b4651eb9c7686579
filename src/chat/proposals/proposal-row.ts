/** A proposal's row, and what is read of it. */
import { z } from 'zod';
import type { Prisma, Transaction } from '../../database/client.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { SkillRow } from '../../skills/skill-row.ts';

export type ProposalRow = Prisma.ProposalGetPayload<Record<string, never>>;

/** Each tool that a proposal names and that was there, by name, with the hash of its definition. */
export const pinsOf = ({ tools }: Pick<ProposalRow, 'tools'>): Record<string, string> =>
  z.record(z.string(), z.string()).parse(tools ?? {});

/** @throws AlfredError E_NOT_FOUND */
export async function findProposal(tx: Pick<Transaction, 'proposal'>, id: string): Promise<ProposalRow> {
  const row = await tx.proposal.findUnique({ where: { id } });
  if (row !== null) return row;
  throw new AlfredError('E_NOT_FOUND', `There is no proposal ${id}.`, {
    remedy: 'See which there are: npx alfred proposal list',
  });
}

/** The same, held until the transaction ends. */
export async function holdProposal(tx: Transaction, id: string): Promise<ProposalRow> {
  await tx.$queryRaw`SELECT 1 FROM proposals WHERE id = ${id}::uuid FOR UPDATE`;
  return await findProposal(tx, id);
}

/**
 * The row, held until the transaction ends, with its skill, held too: who decides first decides.
 *
 * @throws AlfredError E_NOT_FOUND; E_CONFLICT for one that was decided
 */
export async function holdOpenProposal(
  tx: Transaction,
  id: string,
): Promise<{ row: ProposalRow; current: SkillRow | undefined }> {
  const row = await holdProposal(tx, id);
  if (row.status !== 'open') {
    throw new AlfredError('E_CONFLICT', `This proposal was ${row.status} by ${row.decidedBy}; that stands.`);
  }
  return { row, current: await holdSkill(tx, row.slug) };
}

/** The skill that a proposal would change, held until the transaction ends; undefined where there is none. */
export async function holdSkill(tx: Transaction, slug: string): Promise<SkillRow | undefined> {
  await tx.$queryRaw`SELECT 1 FROM skills WHERE slug = ${slug} FOR UPDATE`;
  return (await tx.skill.findUnique({ where: { slug } })) ?? undefined;
}
