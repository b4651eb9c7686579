/** PostgreSQL's notifications, on a connection of their own that comes back when it breaks. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { doubled } from '../kernel/backoff.ts';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import { type Channel, channels } from './channels.ts';

const backoff = { baseMs: 50, capMs: 5000 };

export type Listener = { close(): Promise<void> };

/**
 * Calls `onNotify` with the payload of each notification on `channel`.
 *
 * @param onReconnect called when the connection was lost and is back: notifications in between are lost, so read again
 * @throws AlfredError E_DATABASE when the first connection cannot be made
 */
export async function listen(
  url: string,
  channel: Channel,
  onNotify: (payload: string) => void,
  onReconnect: () => void = () => {},
): Promise<Listener> {
  let closing = false;
  let client = await connect();

  async function connect(): Promise<pg.Client> {
    const next = new pg.Client({ connectionString: url, application_name: 'alfred listen', keepAlive: true });
    next.on('notification', ({ payload }) => onNotify(payload ?? ''));
    // 'error' is followed by 'end', which is where a lost connection is dealt with.
    next.on('error', () => {});
    try {
      await next.connect();
      await next.query(`LISTEN ${pg.escapeIdentifier(channels[channel])}`);
    } catch (cause) {
      await next.end();
      throw new AlfredError('E_DATABASE', `The database does not answer: ${messageOf(cause)}`, { cause });
    }
    next.on('end', () => {
      if (!closing) void reconnect();
    });
    return next;
  }

  async function reconnect(): Promise<void> {
    for (let failures = 1; !closing; failures++) {
      try {
        client = await connect();
        if (closing) await client.end();
        else onReconnect();
        return;
      } catch {
        // The database is still away. Whoever queries it says so; here it is tried again.
        await sleep(doubled(failures, backoff), undefined, { ref: false });
      }
    }
  }

  return {
    async close() {
      closing = true;
      await client.end();
    },
  };
}
