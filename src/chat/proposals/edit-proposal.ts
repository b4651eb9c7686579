import type { Proposal, ProposalEdit } from '../../contract/proposals.ts';
import { skillDefinitionSchema } from '../../contract/skills.ts';
import type { Prisma } from '../../database/client.ts';
import { storableJson } from '../../database/storable.ts';
import { rowGuardOf } from '../../vault/row-guard.ts';
import { presentProposal } from './present-proposal.ts';
import { holdOpenProposal, holdSkill } from './proposal-row.ts';
import type { ProposalDeps } from './propose.ts';
import { proposedDefinition, toolPins } from './proposed-definition.ts';

/**
 * A person's own words in place of what was proposed, against the skill and the tools as they are now: one that was stale is
 * so no more. Without a definition it is as it was proposed, looked at anew.
 *
 * @throws AlfredError E_NOT_FOUND; E_CONFLICT for one that was decided; E_ROW_ALTERED; as keepProposal does
 */
export async function editProposal(
  { db, vault }: ProposalDeps,
  id: string,
  { definition: given }: ProposalEdit,
): Promise<Proposal> {
  await vault.upToDate();
  return await db.transaction(async (tx) => {
    const { row, current: named } = await holdOpenProposal(tx, id);
    const guard = rowGuardOf(tx);
    guard.check('proposals', row);
    const redacted = storableJson(vault.redactor.value(given ?? row.definition));
    const wanted = skillDefinitionSchema.safeParse(redacted).data;
    const slug = wanted?.slug ?? row.slug;
    const current = slug === row.slug ? named : await holdSkill(tx, slug);
    const definition = await proposedDefinition(tx, current, redacted);
    const changed = {
      slug,
      definition: definition as unknown as Prisma.JsonObject,
      baseVersion: current?.version ?? null,
      tools: await toolPins(tx, definition),
      // What was rehearsed is not what stands here now.
      ...(given === undefined ? {} : { rehearsalId: null }),
    };
    const mac = guard.sign('proposals', { ...row, ...changed });
    return await presentProposal(tx, await tx.proposal.update({ where: { id }, data: { ...changed, mac } }));
  });
}
