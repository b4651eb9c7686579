import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { isSecretKey } from '../contract/config.ts';
import type { Database, Transaction } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { findAltered, listKey, remakeList, removeEntries } from '../vault/plain-rows.ts';
import { type InternalEntry, internalEntries } from './internal-entries.ts';
import { type ConfigDeps, dropKeyOfOtherBaseUrl, isInternal, refuseInternal } from './put-config.ts';

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
  const count = await db.transaction(async (tx) => {
    if (!(await isAlteredMark(tx, key))) refuseInternal(key);
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

/** Whether the entry is a mark of what happened once that is not as this VM left it: nothing else can put it right. */
async function isAlteredMark(tx: Transaction, key: string): Promise<boolean> {
  if (!isInternal(key)) return false;
  const { once }: InternalEntry = internalEntries[key];
  return once === true && (await findAltered(tx)).includes(key);
}

/** @throws AlfredError E_FORBIDDEN while the list is as it should be */
async function remakeConfigList(db: Database, actor: string): Promise<void> {
  await db.transaction(async (tx) => {
    if (!(await findAltered(tx)).includes(listKey)) refuseInternal(listKey);
    const removed = await remakeList(tx);
    await recordAudit(tx, { action: 'config.removed', actor, subject: listKey, data: { removed } });
  });
}
