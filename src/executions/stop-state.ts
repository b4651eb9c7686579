/** Whether the kill switch is on. It stands in the config, so that every process of the VM obeys it. */
import { readConfig } from '../config/read-config.ts';
import type { Stopped } from '../contract/budget.ts';
import type { Execution } from '../contract/executions.ts';
import type { Transaction } from '../database/client.ts';
import { shareLock } from '../database/locks.ts';
import { AlfredError } from '../kernel/errors.ts';
import { ownerActor } from '../kernel/owner-actor.ts';

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

/** What is to start, and by whom. */
export type Start = Pick<Execution, 'trigger'> & { actor: string };

/** The owner's own hand, in the console or the terminal: another program's token is none, whatever its scopes. */
const isOwnersHand = ({ trigger, actor }: Start): boolean => trigger === 'manual' && actor === ownerActor;

/**
 * Refuses, while the switch is on, all but what the owner starts by hand: that is the owner's will.
 *
 * @param tx the transaction of the start
 * @throws AlfredError E_STOPPED
 */
export async function refuseWhileStopped(tx: Transaction, start: Start): Promise<void> {
  const refusals = await stopRefusals(tx, [start]);
  const refusal = refusals.get(start);
  if (refusal) throw refusal;
}

/** Of those that may not start now, why; none while the switch is off. */
export async function stopRefusals<S extends Start>(
  tx: Transaction,
  starts: readonly S[],
): Promise<Map<S, AlfredError>> {
  const others = starts.filter((start) => !isOwnersHand(start));
  if (others.length === 0) return new Map();
  await shareLock(tx, 'stop');
  const stop = await readStop(tx);
  if (!stop) return new Map();
  const refusal = new AlfredError(
    'E_STOPPED',
    `Everything was stopped by ${stop.by} at ${stop.since}: nothing starts but by its owner’s own hand.`,
    {
      remedy: 'To go on: npx alfred go-on',
    },
  );
  return new Map(others.map((start) => [start, refusal]));
}
