import type { NewSkillResult, SkillDefinition } from '../contract/skills.ts';
import type { Database, SkillSource } from '../database/client.ts';
import { newId } from '../kernel/ids.ts';
import type { Vault } from '../vault/vault.ts';
import { saveSkill } from './save-skill.ts';

export type SkillDeps = { db: Database; vault: Vault };

/** Who or what saves a skill, and whether they may also loosen one (loosening.ts). */
export type Author = { actor: string; mayLoosen: boolean };

export type NewSkillOptions = Author & {
  /** Where it comes from; `manual` when left out. */
  source?: SkillSource;
  templateId?: string;
  note?: string;
};

/**
 * Makes a skill, its first version with it.
 *
 * @returns the skill; a webhook secret that was made up stands in `triggerConfig.secret`, this once
 * @throws AlfredError E_VALIDATION, E_UNKNOWN_TOOL, E_FORBIDDEN, or E_CONFLICT when the slug is taken
 */
export const createSkill = (
  { db, vault }: SkillDeps,
  definition: SkillDefinition,
  options: NewSkillOptions,
): Promise<NewSkillResult> =>
  db.transaction((tx) => saveSkill(vault, tx, { id: newId(), current: undefined, definition, ...options }));
