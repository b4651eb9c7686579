import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { isAlfredError } from '../kernel/errors.ts';
import type { Settings } from '../kernel/settings.ts';
import { getConfig } from './get-config.ts';
import { type ConfigDeps, putConfig } from './put-config.ts';

const doneKey = 'environment_read';

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
  if (await wasProvisioned(deps)) return provisioning.apiKey !== undefined;
  await recordAudit(deps.db.prisma, { action: 'vm.provisioned', actor: systemActor });
  if (provisioning.baseUrl !== undefined) await putConfig(deps, 'model_base_url', provisioning.baseUrl);
  if (provisioning.apiKey !== undefined) await putConfig(deps, 'anthropic_api_key', provisioning.apiKey);
  await putConfig(deps, doneKey, 'true');
  return false;
}

/** A mark that somebody else removed or changed was there: nothing is taken out of the environment again. */
async function wasProvisioned({ db }: ConfigDeps): Promise<boolean> {
  try {
    return (await getConfig(db, doneKey)) !== undefined;
  } catch (error) {
    if (isAlfredError(error, 'E_ROW_ALTERED')) return true;
    throw error;
  }
}
