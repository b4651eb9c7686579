import { recordAudit, systemActor } from '../audit/record-audit.ts';
import type { Settings } from '../kernel/settings.ts';
import { isMarked, mark } from './marks.ts';
import { type ConfigDeps, putConfig } from './put-config.ts';

/**
 * Takes the model's key and address out of the environment into the config, once in the life of a VM: what the owner
 * deletes later does not come back by itself.
 *
 * @returns true when the environment names a key that was not taken, because this VM was provisioned before
 */
export async function provisionConfig(
  deps: ConfigDeps,
  { provisioning }: Pick<Settings, 'provisioning'>,
): Promise<boolean> {
  if (await isMarked(deps.db, 'environment_read')) return provisioning.apiKey !== undefined;
  await recordAudit(deps.db.prisma, { action: 'vm.provisioned', actor: systemActor });
  if (provisioning.baseUrl !== undefined) await putConfig(deps, 'model_base_url', provisioning.baseUrl);
  if (provisioning.apiKey !== undefined) await putConfig(deps, 'anthropic_api_key', provisioning.apiKey);
  await mark(deps.db, 'environment_read');
  return false;
}
