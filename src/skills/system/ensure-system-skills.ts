import type { SkillDefinition } from '../../contract/skills.ts';
import type { Transaction } from '../../database/client.ts';
import { holdLock } from '../../database/locks.ts';
import { hashOf } from '../../kernel/hash.ts';
import { newId } from '../../kernel/ids.ts';
import type { Vault } from '../../vault/vault.ts';
import { withConnectionNames } from '../check-definition.ts';
import type { SkillDeps } from '../create-skill.ts';
import { saveSkill } from '../save-skill.ts';
import { type SkillRow, storedDefinition } from '../skill-row.ts';
import { chat } from './chat.ts';
import { teachNewSkill } from './teach-new-skill.ts';

/** Who saves system skills, as their versions name it. */
const actor = 'system';

/**
 * Makes the system skills that are not there, and brings those that nobody has edited up to what this program ships.
 * Safe to run at every start.
 */
export async function ensureSystemSkills({ db, vault }: SkillDeps): Promise<void> {
  for (const definition of [chat(), teachNewSkill()]) {
    await db.transaction((tx) => ensure(vault, tx, definition));
  }
}

async function ensure(vault: Vault, tx: Transaction, definition: SkillDefinition): Promise<void> {
  // Two processes starting at once: the second waits here and then finds what the first made.
  await holdLock(tx, 'systemSkills');
  const current = await tx.skill.findUnique({ where: { slug: definition.slug } });
  if (!current) {
    const save = {
      id: newId(),
      current: undefined,
      definition,
      actor,
      mayLoosen: true,
      source: 'system',
      isSystem: true,
    } as const;
    await saveSkill(vault, tx, { ...save, note: 'ships with Alfred' });
    return;
  }
  if (!current.isSystem) {
    // Somebody's own skill took the slug before this program shipped one: theirs stays as it is.
    return;
  }
  if (await isCurrent(tx, current, definition)) return;
  await saveSkill(vault, tx, {
    id: current.id,
    current,
    definition,
    actor,
    mayLoosen: true,
    note: 'a newer Alfred ships this',
  });
}

/** True when the skill is what ships, or when a person edited it, whose word stands. */
async function isCurrent(tx: Transaction, row: SkillRow, definition: SkillDefinition): Promise<boolean> {
  const { id: skillId, version } = row;
  const last = await tx.skillVersion.findUnique({ where: { skillId_version: { skillId, version } } });
  if (!last || last.createdBy !== actor) return true;
  // Checked when it was saved: doing so again compiles its schema, at every start.
  const shipped = hashOf(storedDefinition(withConnectionNames(definition)));
  return shipped.equals(last.contentHash);
}
