import type { SkillDefinition } from '../contract/skills.ts';
import type { Transaction } from '../database/client.ts';
import { storableJson } from '../database/storable.ts';
import { hashOf } from '../kernel/hash.ts';
import { checkDefinition } from '../skills/check-definition.ts';
import { type SkillRow, storedDefinition } from '../skills/skill-row.ts';
import type { Vault } from '../vault/vault.ts';
import type { NewExecution } from './insert-execution.ts';

/** A definition that no version holds, as a run keeps it. */
export type Draft = Required<Pick<NewExecution, 'definition'>> & {
  checked: SkillDefinition;
  hash: Uint8Array<ArrayBuffer>;
};

/**
 * Checks a definition that nobody has saved, and makes of it what a run of it keeps: without its trigger and its failure skill,
 * as it starts by nobody's hand but the asker's and nothing follows it, and without secrets.
 *
 * @throws AlfredError E_VALIDATION or E_UNKNOWN_TOOL
 */
export async function draftOf(
  { vault, tx }: { vault: Vault; tx: Transaction },
  given: SkillDefinition,
): Promise<Draft> {
  const bare = { ...given, triggerType: 'manual' as const, triggerConfig: {}, onFailureSkill: null };
  const checked = await checkDefinition(tx, storableJson(vault.redactor.value(bare)));
  const definition = storedDefinition(checked);
  return { checked, definition, hash: Uint8Array.from(hashOf(definition)) };
}

/** What a draft's execution says of its version: the one that it was made from, or would be. */
export const versionOf = ({ checked, hash }: Draft, number: number): NewExecution['version'] => ({
  number,
  hash,
  stepIds: checked.steps.map((step) => step.id),
});

/** Nobody lifts a skill's cap by a draft that was not saved. */
export function leastCap(
  { maxCostUsd }: Pick<SkillDefinition, 'maxCostUsd'>,
  skill: Pick<SkillRow, 'maxCostUsd'> | null,
): number | null {
  const caps = [maxCostUsd, skill?.maxCostUsd?.toNumber()].filter((cap) => cap != null);
  return caps.length === 0 ? null : Math.min(...caps);
}
