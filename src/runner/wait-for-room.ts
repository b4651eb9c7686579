import { setTimeout as sleep } from 'node:timers/promises';
import { diskTrouble } from '../kernel/disk-room.ts';
import type { Logger } from '../kernel/log.ts';
import { stopping } from './stop-reasons.ts';

/** How long until the disk is looked at again when it is full, in milliseconds. */
const roomMs = 2000;

/**
 * A run that cannot write down what it does is not begun: it would only spend money.
 *
 * @throws `stopping()` when `signal` is aborted before there is room
 */
export async function waitForRoom(home: string, log: Logger, signal: AbortSignal): Promise<void> {
  for (let said = false; !signal.aborted; said = true) {
    const trouble = await diskTrouble(home);
    if (trouble === undefined) return;
    if (!said) log.error(`${trouble} Runs wait until there is room.`);
    await sleep(roomMs, undefined, { signal, ref: false }).catch(() => {});
  }
  throw stopping();
}
