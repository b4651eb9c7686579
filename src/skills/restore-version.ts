import { type NewSkillResult, skillDefinitionSchema } from '../contract/skills.ts';
import { AlfredError } from '../kernel/errors.ts';
import { validate } from '../kernel/validate.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import type { SkillDeps } from './create-skill.ts';
import { keepSecret } from './keep-secret.ts';
import { saveSkill } from './save-skill.ts';
import { checkRevision, lockSkill } from './skill-row.ts';
import type { SkillChange } from './update-skill.ts';

/**
 * Saves an earlier version's definition again, as a new version. The slug and whether the skill is a draft stay as they
 * are now; so does the webhook secret, which no version holds, unless `auth` differs: then a new one is made.
 *
 * A skill that somebody else changed in the database is as that version was, in all: so it is healed.
 *
 * @throws AlfredError E_NOT_FOUND, E_PRECONDITION, E_VALIDATION, E_UNKNOWN_TOOL when its tools are no longer there,
 * E_ROW_ALTERED for a version that somebody else changed, or E_FORBIDDEN when it was looser than the skill is now
 */
export const restoreVersion = (
  { db, vault }: SkillDeps,
  slug: string,
  version: number,
  { actor, mayLoosen, isExpected }: SkillChange,
): Promise<NewSkillResult> =>
  db.transaction(async (tx) => {
    const current = await lockSkill(tx, slug);
    checkRevision(current, isExpected);
    const past = await tx.skillVersion.findUnique({
      where: { skillId_version: { skillId: current.id, version } },
    });
    if (!past) throw new AlfredError('E_NOT_FOUND', `The skill "${slug}" has no version ${version}`);

    const guard = rowGuardOf(tx);
    guard.check('skill_versions', past);
    // Who may not loosen a skill cannot heal it: against what it would be looser is not known.
    if (!mayLoosen) guard.check('skills', current);
    // Of a row that somebody else changed nothing is kept.
    const kept = guard.isIntact('skills', current) ? { slug, isActive: current.isActive } : {};
    const restored = validate(
      skillDefinitionSchema,
      { ...(past.definition as object), ...kept },
      'That version',
    );
    return saveSkill(vault, tx, {
      id: current.id,
      current,
      definition: keepSecret(vault, current, restored),
      actor,
      mayLoosen,
      note: `restored from version ${version}`,
    });
  });
