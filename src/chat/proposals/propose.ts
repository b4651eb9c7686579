import type { NewProposal, Proposal } from '../../contract/proposals.ts';
import { type SkillDefinition, skillDefinitionSchema } from '../../contract/skills.ts';
import type { Database, Prisma, Transaction } from '../../database/client.ts';
import { storableJson } from '../../database/storable.ts';
import { findExecution } from '../../executions/find-execution.ts';
import { readRunDefinition } from '../../executions/read-run-definition.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { validate } from '../../kernel/validate.ts';
import { readSkillMd } from '../../skills/skill-md/read-skill-md.ts';
import { rowGuardOf } from '../../vault/row-guard.ts';
import type { Vault } from '../../vault/vault.ts';
import { findConversation } from '../find-conversation.ts';
import { presentProposal } from './present-proposal.ts';

type Deps = { db: Database; vault: Vault };

/**
 * Writes a proposal down. Nothing of it runs.
 *
 * @throws AlfredError E_VALIDATION
 */
export async function keepProposal(
  { db, vault }: Deps,
  given: unknown,
  origin: Record<string, unknown>,
  actor: string,
): Promise<Proposal> {
  await vault.upToDate();
  const definition = validate(
    skillDefinitionSchema,
    storableJson(vault.redactor.value(given)),
    'The proposed skill',
  );
  return await db.transaction(async (tx) => {
    const skill = await tx.skill.findUnique({ where: { slug: definition.slug }, select: { version: true } });
    const proposed = {
      id: newId(),
      slug: definition.slug,
      definition: definition as unknown as Prisma.JsonObject,
      origin: origin as Prisma.JsonObject,
      baseVersion: skill?.version ?? null,
    };
    const mac = rowGuardOf(tx).sign('proposals', proposed);
    const row = await tx.proposal.create({ data: { ...proposed, createdBy: actor, mac } });
    return await presentProposal(tx, row);
  });
}

/** @throws AlfredError E_NOT_FOUND, E_VALIDATION, E_CONFLICT where there is nothing to learn from */
export async function propose(deps: Deps, { from, slug }: NewProposal, actor: string): Promise<Proposal> {
  const named = slug === undefined ? {} : { slug };
  if ('skillMd' in from) {
    const { definition } = readSkillMd({ 'SKILL.md': from.skillMd });
    return await keepProposal(deps, { ...definition, ...named }, { skillMd: true }, actor);
  }
  const ids = 'executionId' in from ? [from.executionId] : await turnsOf(deps.db.prisma, from.conversationId);
  const definition = await learnt(deps.db.prisma, ids);
  return await keepProposal(deps, { ...definition, ...named }, from, actor);
}

async function turnsOf(db: Transaction, conversationId: string): Promise<string[]> {
  await findConversation(db, conversationId);
  const rows = await db.message.findMany({
    where: { conversationId, role: 'assistant', takenBackAt: null, execution: { status: 'succeeded' } },
    orderBy: { turn: 'asc' },
    select: { executionId: true },
  });
  return rows.map(({ executionId }) => executionId);
}

/** The steps as they went, each with the tools that it really used; a skill's inputs stay its parameters. */
async function learnt(db: Transaction, ids: readonly string[]): Promise<SkillDefinition> {
  const steps: SkillDefinition['steps'] = [];
  let first: SkillDefinition | undefined;
  for (const id of ids) {
    const run = await findExecution(db, id);
    if (run.status !== 'succeeded' || run.purgedAt !== null) {
      throw new AlfredError(
        'E_CONFLICT',
        `Execution ${id} did not succeed, or its content was dropped: nothing can be learnt from it.`,
      );
    }
    const ran = await readRunDefinition(db, run);
    first ??= ran;
    const { message } = (run.input ?? {}) as { message?: unknown };
    for (const step of ran.steps) {
      const calls = await db.toolCall.findMany({
        where: { executionId: id, stepId: step.id, status: 'done', connection: { not: 'alfred' } },
        select: { connection: true, tool: true },
        distinct: ['connection', 'tool'],
      });
      const allowedTools = calls.map(({ connection, tool }) => `mcp__${connection}__${tool}`);
      // Of a turn the owner's own words are the step.
      const prompt = typeof message === 'string' && run.skillSlug === 'chat' ? message : step.prompt;
      const { guidance, ...rest } = step;
      const kept = run.skillSlug === 'chat' || guidance === undefined ? {} : { guidance };
      steps.push({ ...rest, ...kept, id: steps.length + 1, prompt, allowedTools });
    }
  }
  if (first === undefined)
    throw new AlfredError('E_CONFLICT', 'Nothing was answered here yet: there is nothing to learn from.');
  const isTalk = first.slug === 'chat';
  return skillDefinitionSchema.parse({
    slug: isTalk ? 'taught-skill' : `${first.slug.slice(0, 56)}-taught`,
    name: isTalk ? 'Taught skill' : `${first.name} (taught)`,
    description: isTalk ? '' : first.description,
    steps,
    inputSchema: isTalk ? null : first.inputSchema,
  });
}
