import { AlfredError } from '../kernel/errors.ts';
import { type ConfigDeps, dropKeyOfOtherBaseUrl, refuseReserved } from './put-config.ts';

/**
 * Deletes an entry. Deleting `model_base_url` drops `anthropic_api_key` too: it belonged to that address.
 *
 * @throws AlfredError E_NOT_FOUND, E_FORBIDDEN for an entry that the VM keeps itself
 */
export async function deleteConfig({ db }: Pick<ConfigDeps, 'db'>, key: string): Promise<void> {
  refuseReserved(key);
  const count = await db.transaction(async (tx) => {
    if (key === 'model_base_url') await dropKeyOfOtherBaseUrl(tx, undefined);
    return (await tx.config.deleteMany({ where: { key } })).count;
  });
  if (count > 0) return;
  throw new AlfredError('E_NOT_FOUND', `There is no config entry "${key}".`, {
    remedy: 'See which there are: npx alfred config list',
  });
}
