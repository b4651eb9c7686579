import { readCatalog } from '../connections/tools/catalog.ts';
import type { Skill } from '../contract/skills.ts';
import { connectionsOf } from './check-tools.ts';
import type { SkillDeps } from './create-skill.ts';
import { findSkill, presentShownSkill } from './skill-row.ts';
import { toolTokensOf } from './tool-tokens.ts';

/** @throws AlfredError E_NOT_FOUND */
export async function getSkill({ db, vault }: SkillDeps, slug: string): Promise<Skill> {
  const skill = presentShownSkill(db.prisma, vault, await findSkill(db.prisma, slug));
  const catalog = await readCatalog(db.prisma, connectionsOf(skill.steps));
  return { ...skill, toolTokens: toolTokensOf(skill.steps, catalog) };
}
