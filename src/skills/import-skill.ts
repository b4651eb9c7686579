import { mergePatchOf } from '../contract/merge-patch-of.ts';
import { mapFields } from '../contract/skill-fields.ts';
import type { SkillFolder } from '../contract/skill-folder.ts';
import type { NewSkillResult, Skill, SkillDefinition } from '../contract/skills.ts';
import { isAlfredError } from '../kernel/errors.ts';
import { type Author, createSkill, type SkillDeps } from './create-skill.ts';
import { readSkillMd } from './skill-md/read-skill-md.ts';
import { definitionOf, type SkillRow } from './skill-row.ts';
import { updateSkill } from './update-skill.ts';

export type ImportOptions = Author & {
  /** Saves a skill of the same slug as a new version; otherwise that is E_CONFLICT. */
  replace?: boolean;
  /** In place of the one that it would get by its name. */
  slug?: string | undefined;
};

/**
 * Takes a SKILL.md folder in. What we exported comes back equal; a plain skill from elsewhere becomes a draft of one step,
 * and so does one whose tools are not here.
 *
 * @throws AlfredError E_VALIDATION, E_CONFLICT, E_FORBIDDEN, E_SYSTEM_SKILL
 */
export async function importSkill(
  deps: SkillDeps,
  folder: SkillFolder,
  { replace = false, slug, ...author }: ImportOptions,
): Promise<{ skill: Skill; warnings: string[] }> {
  const { definition, warnings } = readNamed(folder, slug);
  try {
    const { warnings: ofTools = [], ...skill } = await save(deps, definition, author, replace);
    return { skill, warnings: [...warnings, ...ofTools] };
  } catch (error) {
    if (!isAlfredError(error, 'E_UNKNOWN_TOOL')) throw error;
    const draft = { ...definition, isActive: false };
    return {
      skill: await save(deps, draft, author, replace),
      warnings: [...warnings, `it is a draft, as it names tools that are not here: ${error.message}`],
    };
  }
}

/**
 * What `importSkill` would save.
 *
 * @throws AlfredError E_VALIDATION
 */
export async function previewImport(
  { db }: Pick<SkillDeps, 'db'>,
  folder: SkillFolder,
  slug: string | undefined,
): Promise<{ definition: SkillDefinition; isTaken: boolean; warnings: string[] }> {
  const { definition, warnings } = readNamed(folder, slug);
  const isTaken = (await db.prisma.skill.count({ where: { slug: definition.slug } })) > 0;
  return { definition, isTaken, warnings };
}

function readNamed(folder: SkillFolder, slug: string | undefined): ReturnType<typeof readSkillMd> {
  const read = readSkillMd(folder);
  return slug === undefined ? read : { ...read, definition: { ...read.definition, slug } };
}

async function save(
  deps: SkillDeps,
  definition: SkillDefinition,
  author: Author,
  replace: boolean,
): Promise<NewSkillResult> {
  const note = 'imported from SKILL.md';
  const current = replace
    ? await deps.db.prisma.skill.findUnique({ where: { slug: definition.slug } })
    : null;
  return current
    ? await updateSkill(deps, definition.slug, replacing(current, definition), { ...author, note })
    : await createSkill(deps, definition, { ...author, note, source: 'import' });
}

/** The patch that leaves nothing of what was there: what is not said is taken away, within a field too (RFC 7396). */
function replacing(current: SkillRow, definition: SkillDefinition): Record<string, unknown> {
  const absent = mapFields(() => null);
  return { ...absent, ...mergePatchOf(definitionOf(current), definition) };
}
