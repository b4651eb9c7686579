/** PostgreSQL's notifications, on a connection of their own that comes back when it breaks. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { AlfredError, messageOf } from '../kernel/errors.ts';

export type Listener = { close(): Promise<void> };

/** Where the trigger on execution_events tells of each new event; the payload is `<execution id>:<seq>`. */
export const executionEventsChannel = 'alfred_execution_events';

/** Where triggers tell of tokens and sessions that are others or gone; the payload is their id, or `core` for what admits its users. */
export const accessChannel = 'alfred_access';

/** Where triggers tell of new secrets and changed connections; the payload is `<table>:<name>`. */
export const secretsChannel = 'alfred_secrets';

/**
 * Calls `onNotify` with the payload of each notification on `channel`.
 *
 * @param onReconnect called when the connection was lost and is back: notifications in between are lost, so read again
 * @throws AlfredError E_DATABASE when the first connection cannot be made
 */
export async function listen(
  url: string,
  channel: string,
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
      await next.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
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
    for (let wait = 50; !closing; wait = Math.min(wait * 2, 5000)) {
      try {
        client = await connect();
        if (closing) await client.end();
        else onReconnect();
        return;
      } catch {
        // The database is still away. Whoever queries it says so; here it is tried again.
        await sleep(wait, undefined, { ref: false });
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
