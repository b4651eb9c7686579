import { type NewSkillResult, type SkillDefinition, skillDefinitionSchema } from '../contract/skills.ts';
import { AlfredError } from '../kernel/errors.ts';
import { mergePatch } from '../kernel/merge-patch.ts';
import { validate } from '../kernel/validate.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import type { Vault } from '../vault/vault.ts';
import type { Author, SkillDeps } from './create-skill.ts';
import { saveSkill } from './save-skill.ts';
import { checkRevision, definitionOf, fingerprintOf, lockSkill, type SkillRow } from './skill-row.ts';

export type SkillChange = Author & {
  note?: string;
  /** Whether this revision (see `revisionOf`) is one that the writer has seen; any will do when left out. */
  isExpected?: ((revision: string) => boolean) | undefined;
};

/**
 * Changes a skill by a JSON merge patch (RFC 7396) and keeps the result as a new version. A webhook secret that is left
 * out stays; null, or another `auth`, makes a new one. A new `triggerType` starts from an empty `triggerConfig`.
 *
 * @throws AlfredError E_NOT_FOUND, E_PRECONDITION, E_VALIDATION, E_UNKNOWN_TOOL, E_CONFLICT, E_FORBIDDEN, E_ROW_ALTERED, or
 * E_SYSTEM_SKILL when a system skill would lose its slug
 */
export const updateSkill = (
  { db, vault }: SkillDeps,
  slug: string,
  patch: Readonly<Record<string, unknown>>,
  { actor, mayLoosen, note, isExpected }: SkillChange,
): Promise<NewSkillResult> =>
  db.transaction(async (tx) => {
    const current = await lockSkill(tx, slug);
    checkRevision(current, isExpected);
    rowGuardOf(tx).check('skills', current);
    const definition = patchedDefinition(vault, current, patch);
    if (current.isSystem && definition.slug !== slug) {
      throw new AlfredError('E_SYSTEM_SKILL', `"${slug}" belongs to the system and keeps its slug`);
    }
    return saveSkill(vault, tx, { id: current.id, current, definition, actor, mayLoosen, note });
  });

/** The definition of a row with a patch on it, as a save takes it: the secret of its hook stays. @throws AlfredError E_VALIDATION */
export function patchedDefinition(
  vault: Vault,
  row: SkillRow,
  patch: Readonly<Record<string, unknown>>,
): SkillDefinition {
  const before = definitionOf(row);
  const fingerprint = fingerprintOf(vault, row);
  const isOtherTrigger = patch.triggerType !== undefined && patch.triggerType !== before.triggerType;
  const triggerConfig = isOtherTrigger
    ? {}
    : {
        ...before.triggerConfig,
        ...(fingerprint === undefined ? {} : { secret: { sealed: true, fingerprint } }),
      };
  return validate(skillDefinitionSchema, mergePatch({ ...before, triggerConfig }, patch), 'The skill');
}
