import { type NewSkillResult, skillDefinitionSchema } from '../contract/skills.ts';
import { AlfredError } from '../kernel/errors.ts';
import { validate } from '../kernel/validate.ts';
import type { SkillDeps } from './create-skill.ts';
import { saveSkill } from './save-skill.ts';
import { checkRevision, fingerprintOf, lockSkill } from './skill-row.ts';
import type { SkillChange } from './update-skill.ts';

/**
 * Saves an earlier version's definition again, as a new version. The slug and whether the skill is a draft stay as they
 * are now; so does the webhook secret, which no version holds, unless `auth` differs: then a new one is made.
 *
 * @throws AlfredError E_NOT_FOUND, E_PRECONDITION, E_VALIDATION, E_UNKNOWN_TOOL when its tools are no longer there, or
 * E_FORBIDDEN when it was looser than the skill is now
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

    const { isActive } = current;
    const restored = validate(
      skillDefinitionSchema,
      { ...(past.definition as object), slug, isActive },
      'That version',
    );
    const fingerprint = fingerprintOf(vault, current);
    const isSigned = restored.triggerType === 'webhook' && restored.triggerConfig.auth !== 'none';
    const definition =
      isSigned && fingerprint !== undefined
        ? { ...restored, triggerConfig: { ...restored.triggerConfig, secret: { sealed: true, fingerprint } } }
        : restored;
    return saveSkill(vault, tx, {
      id: current.id,
      current,
      definition,
      actor,
      mayLoosen,
      note: `restored from version ${version}`,
    });
  });
