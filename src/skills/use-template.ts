import { type Skill, type SkillDefinition, skillDefinitionSchema } from '../contract/skills.ts';
import type { Template, TemplateConnection } from '../contract/templates.ts';
import { parseToolName } from '../contract/tool-name.ts';
import { type AlfredError, isAlfredError } from '../kernel/errors.ts';
import { validate, validationError } from '../kernel/validate.ts';
import { type Author, createSkill, type SkillDeps } from './create-skill.ts';
import { readTemplate, readTemplates, type SkillTemplate } from './templates.ts';

/** The templates as they are shown, each of their connections beside those that are there. */
export async function listTemplates({ db }: Pick<SkillDeps, 'db'>): Promise<Template[]> {
  const [templates, connections] = await Promise.all([
    readTemplates(),
    db.prisma.connection.findMany({
      select: { name: true, tools: true },
      orderBy: [{ createdAt: 'desc' }, { name: 'asc' }],
    }),
  ]);
  const standing = (name: string, tools: readonly string[]) => ({
    exists: connections.some((connection) => connection.name === name),
    fits: connections
      .filter((connection) => new Set(toolsOf(name, tools)).isSubsetOf(new Set(connection.tools)))
      .map((connection) => connection.name),
  });
  return templates.map(({ id, definition, connections: wanted, needsAccount, sample }) => ({
    id,
    name: definition.name,
    description: definition.description,
    needsAccount,
    sample,
    triggerType: definition.triggerType,
    stepCount: definition.steps.length,
    tools: toolsIn(definition),
    connections: wanted.map((connection) => ({
      ...connection,
      ...standing(connection.name, toolsIn(definition)),
    })),
  }));
}

const toolsIn = ({ steps }: SkillDefinition): string[] => [
  ...new Set(steps.flatMap((step) => step.allowedTools)),
];

/** Of `tools`, those of the connection `name`, as it calls them itself. */
const toolsOf = (name: string, tools: readonly string[]): string[] =>
  tools.flatMap((tool) => {
    const parsed = parseToolName(tool);
    return parsed?.connection === name ? [parsed.tool] : [];
  });

export type TemplateUse = Author & {
  /** Of a skill, in the place of the template's own. */
  fields?: Readonly<Record<string, unknown>>;
  /** By the names in the template, which connections take their place; those that are left out keep their names. */
  connections?: Readonly<Record<string, string>>;
};

/**
 * Makes a skill out of a template: active when all its connections are there with the tools it names, else a draft whose
 * warnings name what to add.
 *
 * @throws AlfredError E_NOT_FOUND, E_CONFLICT, E_FORBIDDEN, E_VALIDATION
 */
export async function useTemplate(
  deps: SkillDeps,
  id: string,
  { actor, mayLoosen, fields = {}, connections = {} }: TemplateUse,
): Promise<{ skill: Skill; warnings: string[] }> {
  const template = withNames(await readTemplate(id), connections);
  const definition = validate(skillDefinitionSchema, withOwn(template.definition, fields), 'The skill');
  const note = `from the template ${id}`;
  const options = { actor, mayLoosen, source: 'template', templateId: id, note } as const;
  try {
    const { warnings = [], ...skill } = await createSkill(deps, definition, options);
    return { skill, warnings };
  } catch (error) {
    if (!isAlfredError(error, 'E_UNKNOWN_TOOL')) throw error;
    const skill = await createSkill(deps, { ...definition, isActive: false }, options);
    return { skill, warnings: await whatIsMissing(deps, template, error) };
  }
}

/** The template with other connections in the place of its own, in its steps' tools as well. */
function withNames(template: SkillTemplate, connections: Readonly<Record<string, string>>): SkillTemplate {
  const names = new Map(Object.entries(connections));
  const known = new Set(template.connections.map(({ name }) => name));
  const strangers = [...names.keys()].filter((name) => !known.has(name));
  if (strangers.length > 0) {
    const message = `the template wants no such connection; it wants ${[...known].join(', ') || 'none'}`;
    throw validationError(
      'The choice of connections',
      strangers.map((name) => ({ field: `/connections/${name}`, message })),
    );
  }
  const rename = (tool: string): string => {
    const parsed = parseToolName(tool);
    const name = parsed && names.get(parsed.connection);
    return parsed && name ? `mcp__${name}__${parsed.tool}` : tool;
  };
  const { definition } = template;
  const steps = definition.steps.map((step) => ({ ...step, allowedTools: step.allowedTools.map(rename) }));
  return {
    ...template,
    definition: { ...definition, steps },
    connections: template.connections.map((wanted) => ({
      ...wanted,
      name: names.get(wanted.name) ?? wanted.name,
    })),
  };
}

/** Another trigger than the template's does not take over the settings of that one. */
const withOwn = (definition: SkillDefinition, own: Readonly<Record<string, unknown>>) => ({
  ...definition,
  ...(own.triggerType === undefined || own.triggerType === definition.triggerType
    ? {}
    : { triggerConfig: {} }),
  ...own,
});

/** What keeps the skill a draft, a sentence for each connection to add or to put right. */
async function whatIsMissing(
  { db }: SkillDeps,
  { connections }: SkillTemplate,
  { fields }: AlfredError,
): Promise<string[]> {
  const there = await db.prisma.connection.findMany({
    where: { name: { in: connections.map(({ name }) => name) } },
    select: { name: true },
  });
  const toAdd = connections.filter(({ name }) => !there.some((connection) => connection.name === name));
  const isAnswered = (message: string) => toAdd.some(({ name }) => message.startsWith(`mcp__${name}__`));
  const others = (fields ?? []).map(({ message }) => message).filter((message) => !isAnswered(message));
  return [
    ...toAdd.map(({ name, why, config }) => `add the connection "${name}", which ${why}: ${target(config)}`),
    ...new Set(others),
    'until then it is a draft: switch it on when its connections offer its tools',
  ];
}

/** What a connection would run or dial, its questions still open. */
function target({ command, args, url, baseUrl }: TemplateConnection['config']): string {
  const words = command === undefined ? [url ?? baseUrl] : [command, ...(Array.isArray(args) ? args : [])];
  return words.map(String).join(' ');
}
