import { readCatalog } from '../../connections/tools/catalog.ts';
import { parseToolName } from '../../contract/common.ts';
import type { Proposal } from '../../contract/proposals.ts';
import { type SkillDefinition, skillDefinitionSchema } from '../../contract/skills.ts';
import type { Prisma, Transaction } from '../../database/client.ts';
import { differencesOf } from '../../kernel/differences.ts';
import { connectionsOf, toolWarnings } from '../../skills/check-tools.ts';
import { definitionOf } from '../../skills/skill-row.ts';
import { isReadOnly } from '../usable-tools.ts';

export type ProposalRow = Prisma.ProposalGetPayload<Record<string, never>>;

export async function presentProposal(tx: Transaction, row: ProposalRow): Promise<Proposal> {
  const definition = skillDefinitionSchema.parse(row.definition);
  const skill = await tx.skill.findUnique({ where: { slug: row.slug } });
  const before = skill === null ? undefined : definitionOf(skill);
  const catalog = await readCatalog(tx, connectionsOf(definition.steps));
  const had = new Set(before?.steps.flatMap((step) => step.allowedTools));
  const { reach, risks } = reachOf(definition, catalog);
  const isStale = row.status === 'open' && (skill?.version ?? null) !== row.baseVersion;
  return {
    id: row.id,
    status: isStale ? 'stale' : (row.status as Proposal['status']),
    definition,
    diff: differencesOf(before ?? {}, definition),
    reach,
    newTools: [...new Set(definition.steps.flatMap((step) => step.allowedTools))].filter(
      (tool) => !had.has(tool),
    ),
    risks: [...risks, ...toolWarnings(definition.steps, catalog)],
    rehearsalId: row.rehearsalId,
    from: row.origin as Record<string, unknown>,
    createdBy: row.createdBy,
    decidedBy: row.decidedBy,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}

function reachOf({ steps }: SkillDefinition, catalog: Awaited<ReturnType<typeof readCatalog>>) {
  const reach: string[] = [];
  const risks: string[] = [];
  for (const { id, allowedTools, approval } of steps) {
    if (allowedTools.length === 0) reach.push(`Step ${id} uses no tool.`);
    for (const name of allowedTools) {
      const { connection = '', tool = '' } = parseToolName(name) ?? {};
      const known = catalog.get(connection)?.tools.find((each) => each.name === tool);
      const isSafe = known !== undefined && isReadOnly(known.annotations);
      reach.push(
        `Step ${id} may use ${tool === '*' ? 'every tool' : `"${tool}"`} of "${connection}"${isSafe ? ', which only reads' : ''}.`,
      );
      if (!isSafe && (approval ?? 'never') === 'never')
        risks.push(`Step ${id} may change something with ${name}, and asks nobody before.`);
    }
  }
  return { reach, risks };
}
