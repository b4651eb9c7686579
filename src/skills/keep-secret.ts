import type { SkillDefinition } from '../contract/skills.ts';
import type { Vault } from '../vault/vault.ts';
import { fingerprintOf, type SkillRow } from './skill-row.ts';

/** A definition that holds no secret, with the marker of the skill's own: its hook goes on being signed by it. */
export function keepSecret(vault: Vault, current: SkillRow, definition: SkillDefinition): SkillDefinition {
  const fingerprint = fingerprintOf(vault, current);
  const isSigned = definition.triggerType === 'webhook' && definition.triggerConfig.auth !== 'none';
  if (!isSigned || fingerprint === undefined) return definition;
  return {
    ...definition,
    triggerConfig: { ...definition.triggerConfig, secret: { sealed: true, fingerprint } },
  };
}
