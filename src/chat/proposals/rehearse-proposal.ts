import { rehearsalModel } from '../../config/model-settings.ts';
import type { RehearseProposal } from '../../contract/proposals.ts';
import { type SkillDefinition, skillDefinitionSchema } from '../../contract/skills.ts';
import type { Transaction } from '../../database/client.ts';
import { storableJson } from '../../database/storable.ts';
import { draftOf, versionOf } from '../../executions/draft.ts';
import { insertExecution } from '../../executions/insert-execution.ts';
import { checkInput, type StartDeps } from '../../executions/start-execution.ts';
import { AlfredError, isAlfredError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { sampleInput } from '../../skills/sample-input.ts';
import { rowGuardOf } from '../../vault/row-guard.ts';
import { holdProposal, type ProposalRow } from './proposal-row.ts';

/**
 * Runs what is proposed as a rehearsal, through the runner that runs everything: read-only tools are called, nothing is changed,
 * nothing costs. The proposal names it from then on; it stays a proposal.
 *
 * @throws AlfredError E_NOT_FOUND; E_CONFLICT when it was decided; E_ROW_ALTERED; E_UNKNOWN_TOOL when a tool went; E_VALIDATION
 *   naming the fields of the input that do not fit
 */
export async function rehearseProposal(
  deps: StartDeps,
  id: string,
  { input, actor }: RehearseProposal & { actor: string },
): Promise<{ executionId: string }> {
  const { db, queue, vault } = deps;
  await vault.upToDate();
  const executionId = newId();
  await db.transaction(async (tx) => {
    const row = await holdProposal(tx, id);
    if (row.status !== 'open') {
      throw new AlfredError(
        'E_CONFLICT',
        `This proposal was ${row.status} by ${row.decidedBy}: it is rehearsed no more.`,
        {
          remedy: `Rehearse the skill itself: npx alfred skill run ${row.slug} --rehearse`,
        },
      );
    }
    rowGuardOf(tx).check('proposals', row);
    const draft = await draftOf({ vault, tx }, skillDefinitionSchema.parse(row.definition));
    const given = input ?? (await likelyInput(tx, row, draft.checked));
    checkInput(draft.checked, given);
    const skill = await tx.skill.findUnique({ where: { slug: row.slug }, select: { id: true } });
    await insertExecution(
      { queue, tx },
      {
        id: executionId,
        skill: { id: skill?.id ?? null, slug: row.slug, concurrency: 1 },
        version: versionOf(draft, row.baseVersion ?? 1),
        definition: draft.definition,
        mode: 'rehearsal',
        model: rehearsalModel,
        actor,
        trigger: 'manual',
        triggerDetail: { proposalId: id },
        input: storableJson(vault.redactor.value(given)),
      },
    );
    await tx.proposal.update({ where: { id }, data: { rehearsalId: executionId } });
  });
  return { executionId };
}

/** What the run had that it was learnt from, where that fits; made up otherwise. */
async function likelyInput(
  tx: Transaction,
  { origin }: ProposalRow,
  definition: SkillDefinition,
): Promise<Record<string, unknown>> {
  const { executionId } = origin as { executionId?: string };
  const run =
    executionId === undefined
      ? null
      : await tx.execution.findUnique({ where: { id: executionId }, select: { input: true } });
  const ran = (run?.input ?? {}) as Record<string, unknown>;
  try {
    checkInput(definition, ran);
    return ran;
  } catch (error) {
    if (!isAlfredError(error, 'E_VALIDATION')) throw error;
    return sampleInput(definition);
  }
}
