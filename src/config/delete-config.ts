import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { isSecretKey } from '../contract/config.ts';
import type { Database } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { findAltered, listKey, remakeList, removeEntries } from '../vault/plain-rows.ts';
import { type ConfigDeps, dropKeyOfOtherBaseUrl, refuseReserved } from './put-config.ts';

/**
 * Deletes an entry. Deleting `model_base_url` drops `anthropic_api_key` too: it belonged to that address. Deleting the list
 * of MACs, where it is not as this VM left it, makes it anew: entries that cannot be proved go with it.
 *
 * @param options.actor who deletes it; the VM itself when left out
 * @throws AlfredError E_NOT_FOUND, E_FORBIDDEN for an entry that the VM keeps itself
 */
export async function deleteConfig(
  { db }: Pick<ConfigDeps, 'db'>,
  key: string,
  { actor = systemActor }: { actor?: string } = {},
): Promise<void> {
  if (key === listKey) return remakeConfigList(db, actor);
  refuseReserved(key);
  const count = await db.transaction(async (tx) => {
    if (key === 'model_base_url') await dropKeyOfOtherBaseUrl(tx, undefined, actor);
    const count = await removeEntries(tx, [key]);
    const action = isSecretKey(key) ? 'secret.removed' : 'config.removed';
    if (count > 0) await recordAudit(tx, { action, actor, subject: key });
    return count;
  });
  if (count > 0) return;
  throw new AlfredError('E_NOT_FOUND', `There is no config entry "${key}".`, {
    remedy: 'See which there are: npx alfred config list',
  });
}

/** @throws AlfredError E_FORBIDDEN while the list is as it should be */
async function remakeConfigList(db: Database, actor: string): Promise<void> {
  await db.transaction(async (tx) => {
    if (!(await findAltered(tx)).includes(listKey)) refuseReserved(listKey);
    const removed = await remakeList(tx);
    await recordAudit(tx, { action: 'config.removed', actor, subject: listKey, data: { removed } });
  });
}
