import type { SkillFiles } from '../contract/skill-folder.ts';
import type { SkillDeps } from './create-skill.ts';
import { writeSkillMd } from './skill-md/write-skill-md.ts';
import { definitionOf, findIntactSkill } from './skill-row.ts';

/**
 * A skill as a SKILL.md folder. No secret is in it.
 *
 * @throws AlfredError E_NOT_FOUND
 */
export async function exportSkill(
  { db }: Pick<SkillDeps, 'db'>,
  slug: string,
): Promise<{ name: string; files: SkillFiles }> {
  const definition = definitionOf(await findIntactSkill(db.prisma, slug));
  return { name: slug, files: { 'SKILL.md': writeSkillMd(definition), ...definition.files } };
}
