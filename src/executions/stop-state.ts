/** Whether the kill switch is on. It stands in the config, so that every process of the VM obeys it. */
import { readConfig, rowsOf, valuesOf } from '../config/read-config.ts';
import type { Stopped } from '../contract/budget.ts';
import type { Execution } from '../contract/executions.ts';
import type { Ask } from '../database/ask.ts';
import type { Transaction } from '../database/client.ts';
import { shareLock, shareLockText } from '../database/locks.ts';
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
  if (isOwnersHand(start)) return;
  await shareLock(tx, 'stop');
  const stop = await readStop(tx);
  if (stop) throw refusalOf(stop);
}

/** Begins a transaction of starts: whoever turns the switch waits for its end, or is waited for. */
export const beginStarts = `BEGIN ISOLATION LEVEL READ COMMITTED; ${shareLockText('stop')}`;

const stopRows = { name: 'read stop', text: 'SELECT key, value FROM config WHERE key = ANY($1::text[])' };

/**
 * Of those that may not start now, why; none while the switch is off.
 *
 * @param ask within a transaction that `beginStarts` began
 * @param db the client of this database
 */
export async function stopRefusals<S extends Start>(
  { ask, db }: { ask: Ask; db: object },
  starts: readonly S[],
): Promise<Map<S, AlfredError>> {
  const others = starts.filter((start) => !isOwnersHand(start));
  if (others.length === 0) return new Map();
  const rows = await ask<{ key: string; value: string }>(stopRows, [rowsOf([stopKey])]);
  const stop = valuesOf(db, rows, [stopKey])[stopKey];
  if (!stop) return new Map();
  const refusal = refusalOf(stop);
  return new Map(others.map((start) => [start, refusal]));
}

const refusalOf = ({ by, since }: Stopped): AlfredError =>
  new AlfredError(
    'E_STOPPED',
    `Everything was stopped by ${by} at ${since}: nothing starts but by its owner’s own hand.`,
    { remedy: 'To go on: npx alfred go-on' },
  );
