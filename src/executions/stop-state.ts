/** Whether the kill switch is on. It stands in the config, so that every process of the VM obeys it. */
import { readConfig } from '../config/read-config.ts';
import type { Stopped } from '../contract/budget.ts';
import type { Execution } from '../contract/executions.ts';
import type { Transaction } from '../database/client.ts';
import { shareLock } from '../database/locks.ts';
import { AlfredError } from '../kernel/errors.ts';

/** Nobody puts it by hand (config/internal-entries.ts). */
export const stopKey = 'stopped';

/**
 * Since when everything is stopped, and by whom; undefined when it is not.
 *
 * @throws AlfredError E_ROW_ALTERED when somebody else turned the switch
 */
export async function readStop(db: Pick<Transaction, 'config'>): Promise<Stopped | undefined> {
  return (await readConfig(db, stopKey))[stopKey];
}

/**
 * Refuses what starts by itself while the switch is on. What a person starts by hand is that person's will.
 *
 * @param tx the transaction of the start
 * @throws AlfredError E_STOPPED
 */
export async function refuseWhileStopped(tx: Transaction, trigger: Execution['trigger']): Promise<void> {
  const refusal = await stopRefusal(tx, [trigger]);
  if (refusal) throw refusal;
}

/** Why nothing starts by itself; undefined when it may, or when a person starts all of it. */
export async function stopRefusal(
  tx: Transaction,
  triggers: readonly Execution['trigger'][],
): Promise<AlfredError | undefined> {
  if (triggers.every((trigger) => trigger === 'manual')) return undefined;
  await shareLock(tx, 'stop');
  const stop = await readStop(tx);
  if (!stop) return undefined;
  return new AlfredError(
    'E_STOPPED',
    `Everything was stopped by ${stop.by} at ${stop.since}: nothing starts by itself.`,
    {
      remedy: 'To go on: npx alfred go-on',
    },
  );
}
