import { type SkillDefinition, skillDefinitionSchema } from '../contract/skills.ts';
import type { Transaction } from '../database/client.ts';
import { hashOf } from '../kernel/hash.ts';
import { rowAltered, rowGuardOf } from '../vault/row-guard.ts';
import type { ExecutionRow } from './find-execution.ts';

/**
 * The definition that a run was started with: of a version, or of a draft that the run itself keeps. The row's own MAC is over
 * its hash.
 *
 * @throws AlfredError E_ROW_ALTERED when somebody else changed it
 */
export async function readRunDefinition(
  db: Pick<Transaction, 'skillVersion'>,
  row: Pick<ExecutionRow, 'id' | 'skillSlug' | 'skillVersion' | 'skillHash' | 'definition'>,
): Promise<SkillDefinition> {
  if (row.definition !== null) {
    if (!hashOf(row.definition).equals(row.skillHash)) throw rowAltered('executions', row.id);
    return skillDefinitionSchema.parse(row.definition);
  }
  const version = await db.skillVersion.findFirst({
    where: { contentHash: row.skillHash, version: row.skillVersion },
  });
  if (!version) throw rowAltered('skill_versions', `${row.skillSlug} ${row.skillVersion}`);
  rowGuardOf(db).check('skill_versions', version);
  return skillDefinitionSchema.parse(version.definition);
}
