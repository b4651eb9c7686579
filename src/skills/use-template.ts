import type { Skill } from '../contract/skills.ts';
import type { Template } from '../contract/templates.ts';
import { isAlfredError } from '../kernel/errors.ts';
import { createSkill, type SkillDeps } from './create-skill.ts';
import { readTemplate, readTemplates } from './templates.ts';

/** The templates as they are shown: `exists` says of each connection whether one of that name is there. */
export async function listTemplates({ db }: Pick<SkillDeps, 'db'>): Promise<Template[]> {
  const [templates, connections] = await Promise.all([
    readTemplates(),
    db.prisma.connection.findMany({ select: { name: true } }),
  ]);
  const names = new Set(connections.map(({ name }) => name));
  return templates.map(({ id, definition, connections: wanted, needsAccount }) => ({
    id,
    name: definition.name,
    description: definition.description,
    needsAccount,
    triggerType: definition.triggerType,
    stepCount: definition.steps.length,
    tools: [...new Set(definition.steps.flatMap((step) => step.allowedTools))],
    connections: wanted.map((connection) => ({ ...connection, exists: names.has(connection.name) })),
  }));
}

/**
 * Makes a skill out of a template: active when all its connections are there with the tools it names, else a draft.
 *
 * @throws AlfredError E_NOT_FOUND, E_CONFLICT, E_VALIDATION
 */
export async function useTemplate(
  deps: SkillDeps,
  id: string,
  { slug, actor }: { slug?: string | undefined; actor: string },
): Promise<{ skill: Skill; warnings: string[] }> {
  const template = await readTemplate(id);
  const definition = { ...template.definition, slug: slug ?? template.definition.slug };
  const options = { actor, source: 'template', templateId: id, note: `from the template ${id}` } as const;
  try {
    return { skill: await createSkill(deps, definition, options), warnings: [] };
  } catch (error) {
    if (!isAlfredError(error, 'E_UNKNOWN_TOOL')) throw error;
    const wanted = template.connections.map(({ name, why }) => `"${name}", which ${why}`).join('; ');
    return {
      skill: await createSkill(deps, { ...definition, isActive: false }, options),
      warnings: [`it is a draft until its connections offer its tools: ${wanted}`],
    };
  }
}
