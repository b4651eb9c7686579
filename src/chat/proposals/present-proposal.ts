import { readCatalog } from '../../connections/tools/catalog.ts';
import type { Proposal } from '../../contract/proposals.ts';
import { differencesOf } from '../../contract/skill-differences.ts';
import { type SkillDefinition, skillDefinitionSchema } from '../../contract/skills.ts';
import type { Transaction } from '../../database/client.ts';
import { connectionsOf } from '../../skills/check-tools.ts';
import { definitionOf, storedDefinition } from '../../skills/skill-row.ts';
import type { ProposalRow } from './proposal-row.ts';
import { reachOf, risksOf, whenOf } from './reach.ts';
import { whyStale } from './stale.ts';

/** A proposal against the skill of its slug as that is now. What it would change is told while it is open. */
export async function presentProposal(tx: Transaction, row: ProposalRow): Promise<Proposal> {
  const definition = skillDefinitionSchema.parse(row.definition);
  const isOpen = row.status === 'open';
  const skill = isOpen
    ? ((await tx.skill.findUnique({ where: { slug: row.slug } })) ?? undefined)
    : undefined;
  const before = skill && definitionOf(skill);
  const catalog = await readCatalog(tx, connectionsOf(definition.steps));
  const staleBecause = isOpen ? await whyStale(tx, row, skill) : [];
  const { notes, ...from } = row.origin as { notes?: string[] } & Record<string, unknown>;
  return {
    id: row.id,
    status: staleBecause.length > 0 ? 'stale' : (row.status as Proposal['status']),
    staleBecause,
    slug: row.slug,
    baseVersion: row.baseVersion,
    definition,
    when: whenOf(definition),
    diff: differencesOf(before === undefined ? {} : storedDefinition(before), shown(definition)),
    reach: reachOf(definition, catalog),
    newTools: before === undefined ? [] : newTools(definition, before),
    risks: risksOf(definition, before, catalog),
    notes: notes ?? [],
    rehearsalId: row.rehearsalId,
    from,
    createdBy: row.createdBy,
    decidedBy: row.decidedBy,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}

/** Fields that say nothing differ from nothing in no way. */
const shown = (definition: SkillDefinition) => storedDefinition(definition);

function newTools(definition: SkillDefinition, before: SkillDefinition): string[] {
  const had = new Set(before.steps.flatMap(({ allowedTools }) => allowedTools));
  const named = new Set(definition.steps.flatMap(({ allowedTools }) => allowedTools));
  return [...named].filter((tool) => !had.has(tool));
}
