import type { Skill } from '../contract/skills.ts';
import type { SkillDeps } from './create-skill.ts';
import { findSkill, presentShownSkill } from './skill-row.ts';

/** @throws AlfredError E_NOT_FOUND */
export const getSkill = async ({ db, vault }: SkillDeps, slug: string): Promise<Skill> =>
  presentShownSkill(db.prisma, vault, await findSkill(db.prisma, slug));
