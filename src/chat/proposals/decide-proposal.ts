import type { DecidedProposal, ProposalDecision } from '../../contract/proposals.ts';
import { type NewSkillResult, skillDefinitionSchema } from '../../contract/skills.ts';
import type { Transaction } from '../../database/client.ts';
import { timeNow } from '../../kernel/clock.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { keepSecret } from '../../skills/keep-secret.ts';
import { saveSkill } from '../../skills/save-skill.ts';
import type { SkillRow } from '../../skills/skill-row.ts';
import { rowGuardOf } from '../../vault/row-guard.ts';
import type { Vault } from '../../vault/vault.ts';
import { presentProposal } from './present-proposal.ts';
import { holdOpenProposal, type ProposalRow } from './proposal-row.ts';
import type { ProposalDeps } from './propose.ts';
import { whyStale } from './stale.ts';

type Decision = ProposalDecision & { actor: string };

/**
 * A person's word about a proposal. Accepted, it is saved as a skill that was taught, or as a new version of one; the skill
 * and the word are committed together or not at all.
 *
 * @returns with it the skill that was saved; a webhook secret that was made up stands in it, this once
 * @throws AlfredError E_NOT_FOUND; E_CONFLICT when it was decided; E_ROW_ALTERED; E_STALE_PROPOSAL; what keeps a skill from
 *   being saved
 */
export async function decideProposal(
  { db, vault }: ProposalDeps,
  id: string,
  decision: Decision,
): Promise<DecidedProposal> {
  return await db.transaction(async (tx) => {
    const { row, current } = await holdOpenProposal(tx, id);
    const isAccepted = decision.decision === 'accept';
    const skill = isAccepted ? await accept(vault, tx, { row, current }, decision) : undefined;
    const decided = await tx.proposal.update({
      where: { id },
      data: {
        status: isAccepted ? 'accepted' : 'rejected',
        decidedBy: decision.actor,
        decidedAt: timeNow(),
      },
    });
    const shown = await presentProposal(tx, decided);
    return skill === undefined ? shown : { ...shown, skill };
  });
}

async function accept(
  vault: Vault,
  tx: Transaction,
  { row, current }: { row: ProposalRow; current: SkillRow | undefined },
  { definition, actor }: Decision,
): Promise<NewSkillResult> {
  const guard = rowGuardOf(tx);
  guard.check('proposals', row);
  const reasons = await whyStale(tx, row, current);
  if (reasons.length > 0) {
    throw new AlfredError('E_STALE_PROPOSAL', `This proposal is stale. ${reasons.join(' ')}`, {
      remedy: `Look at it as things are now, and edit it: npx alfred proposal edit ${row.id}`,
    });
  }
  if (current !== undefined) guard.check('skills', current);
  const accepted = definition ?? skillDefinitionSchema.parse(row.definition);
  return await saveSkill(vault, tx, {
    id: current?.id ?? newId(),
    current,
    definition: current === undefined ? accepted : keepSecret(vault, current, accepted),
    actor,
    mayLoosen: true,
    note: `taught: proposal ${row.id}`,
    source: 'taught',
  });
}
