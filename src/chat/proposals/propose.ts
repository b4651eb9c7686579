import { z } from 'zod';
import { slugSchema } from '../../contract/common.ts';
import { isRecord } from '../../contract/is-record.ts';
import type { NewProposal, Proposal } from '../../contract/proposals.ts';
import type { SkillDefinition } from '../../contract/skills.ts';
import type { Database, Prisma, Transaction } from '../../database/client.ts';
import { storableJson } from '../../database/storable.ts';
import { timeNow } from '../../kernel/clock.ts';
import { isAlfredError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { validate } from '../../kernel/validate.ts';
import { readSkillMd } from '../../skills/skill-md/read-skill-md.ts';
import type { SkillRow } from '../../skills/skill-row.ts';
import { rowGuardOf } from '../../vault/row-guard.ts';
import type { Vault } from '../../vault/vault.ts';
import { learntFromConversation, learntFromExecution } from './learn.ts';
import { presentProposal } from './present-proposal.ts';
import { holdSkill } from './proposal-row.ts';
import { proposedDefinition, toolPins } from './proposed-definition.ts';

const named = z.looseObject({ slug: slugSchema });

export type ProposalDeps = { db: Database; vault: Vault };

export type KeepOptions = {
  /** What it was learnt from. */
  origin: Record<string, unknown>;
  actor: string;
  /** What was left out, or could not be taken over. */
  notes?: readonly string[];
  /** It becomes a draft where its tools are not there, and is not refused. */
  mayBeDraft?: boolean;
};

/**
 * Writes a proposal down. Nothing of it runs.
 *
 * @throws AlfredError E_VALIDATION, E_UNKNOWN_TOOL, E_SYSTEM_SKILL, or E_ROW_ALTERED for a skill that it would change
 */
export async function keepProposal(
  { db, vault }: ProposalDeps,
  given: unknown,
  { origin, actor, notes = [], mayBeDraft = false }: KeepOptions,
): Promise<Proposal> {
  await vault.upToDate();
  const redacted = storableJson(vault.redactor.value(given));
  const { slug } = validate(named, redacted, 'The proposed skill');
  return await db.transaction(async (tx) => {
    const current = await holdSkill(tx, slug);
    const { definition, remarks } = await checked(tx, current, redacted, mayBeDraft);
    const said = storableJson(vault.redactor.value([...notes, ...remarks]));
    const proposed = {
      id: newId(),
      slug,
      definition: definition as unknown as Prisma.JsonObject,
      origin: { ...origin, ...(said.length === 0 ? {} : { notes: said }) } as Prisma.JsonObject,
      baseVersion: current?.version ?? null,
      tools: await toolPins(tx, definition),
    };
    const mac = rowGuardOf(tx).sign('proposals', proposed);
    const row = await tx.proposal.create({
      data: { ...proposed, createdAt: timeNow(), createdBy: actor, mac },
    });
    return await presentProposal(tx, row);
  });
}

async function checked(
  tx: Transaction,
  current: SkillRow | undefined,
  given: unknown,
  mayBeDraft: boolean,
): Promise<{ definition: SkillDefinition; remarks: string[] }> {
  try {
    return { definition: await proposedDefinition(tx, current, given), remarks: [] };
  } catch (error) {
    if (!mayBeDraft || !isRecord(given) || !isAlfredError(error, 'E_UNKNOWN_TOOL')) throw error;
    const definition = await proposedDefinition(tx, current, { ...given, isActive: false });
    return { definition, remarks: [`It is a draft, as it names tools that are not here. ${error.message}`] };
  }
}

/** @throws AlfredError E_NOT_FOUND, E_VALIDATION, E_CONFLICT where there is nothing to learn from; as keepProposal does */
export async function propose(
  deps: ProposalDeps,
  { from, slug }: NewProposal,
  actor: string,
): Promise<Proposal> {
  const renamed = slug === undefined ? {} : { slug };
  if ('skillMd' in from || 'files' in from) {
    const { definition, warnings } = readSkillMd('files' in from ? from.files : { 'SKILL.md': from.skillMd });
    const options = { origin: { skillMd: true }, actor, notes: warnings, mayBeDraft: true };
    return await keepProposal(deps, { ...definition, ...renamed }, options);
  }
  const { definition, notes } =
    'executionId' in from
      ? await learntFromExecution(deps.db.prisma, from.executionId)
      : await learntFromConversation(deps.db.prisma, from.conversationId);
  return await keepProposal(
    deps,
    { ...definition, ...renamed },
    { origin: from, actor, notes, mayBeDraft: true },
  );
}
