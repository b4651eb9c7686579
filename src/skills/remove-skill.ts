import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { SkillDeps } from './create-skill.ts';
import { checkRevision, lockSkill } from './skill-row.ts';
import { stopWaiting } from './stop-waiting.ts';
import type { SkillChange } from './update-skill.ts';

/**
 * Removes a skill. Its executions and versions stay; of those that wait none is begun any more.
 *
 * @param options.actor who removes it; the VM itself when left out
 * @throws AlfredError E_NOT_FOUND, E_PRECONDITION, or E_SYSTEM_SKILL
 */
export const removeSkill = (
  { db }: Pick<SkillDeps, 'db'>,
  slug: string,
  { isExpected, actor = systemActor }: Partial<Pick<SkillChange, 'isExpected' | 'actor'>> = {},
): Promise<void> =>
  db.transaction(async (tx) => {
    const row = await lockSkill(tx, slug);
    if (row.isSystem) {
      throw new AlfredError('E_SYSTEM_SKILL', `"${slug}" belongs to the system and cannot be removed`);
    }
    checkRevision(row, isExpected);
    await stopWaiting(tx, row.id);
    await tx.skill.delete({ where: { id: row.id } });
    await recordAudit(tx, { action: 'skill.removed', actor, subject: slug, data: { id: row.id } });
  });
