/**
 * PostgreSQL's notifications. All that a process listens to on one database comes over one connection, as each session has some
 * MiB of the server's; it comes back when it breaks.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { doubled } from '../kernel/backoff.ts';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import { type Repeat, repeat } from '../kernel/repeat.ts';
import { type Channel, channels } from './channels.ts';
import { prepareSession } from './prepare-session.ts';

const backoff = { baseMs: 50, capMs: 5000 };

/**
 * How often a connection is asked for a sign of life, and how long it may take to answer, in milliseconds. Nothing else is ever sent
 * over it, and what stands between forgets such connections without a word: Azure's load balancer after 4 minutes, AWS's after 350
 * seconds, many routers at home after 5 minutes. The system itself would ask after two hours.
 */
export type SignsOfLife = { everyMs: number; withinMs: number };
const ordinary: SignsOfLife = { everyMs: 30_000, withinMs: 20_000 };

export type Listener = { close(): Promise<void> };

type Subscription = {
  /** As PostgreSQL knows it. */
  channel: string;
  onNotify: (payload: string) => void;
  onReconnect: () => void;
};

/** Those that are open, by the address of their database. */
const lines = new Map<string, Line>();

/**
 * Calls `onNotify` with the payload of each notification on `channel`.
 *
 * @param onReconnect called when the connection was lost and is back: notifications in between are lost, so read again
 * @param signs as whoever listens first on this database wants them
 * @throws AlfredError E_DATABASE when the connection cannot be made
 */
export async function listen(
  url: string,
  channel: Channel,
  onNotify: (payload: string) => void,
  onReconnect: () => void = () => {},
  signs: SignsOfLife = ordinary,
): Promise<Listener> {
  const line = lines.get(url) ?? new Line(url, signs);
  lines.set(url, line);
  const subscription = { channel: channels[channel], onNotify, onReconnect };
  try {
    await line.add(subscription);
  } catch (cause) {
    await line.remove(subscription);
    throw new AlfredError('E_DATABASE', `The database does not answer: ${messageOf(cause)}`, { cause });
  }
  return { close: () => line.remove(subscription) };
}

/** One connection, and who listens on it; it ends with the last of them. */
class Line {
  readonly #url: string;
  readonly #signs: SignsOfLife;
  readonly #subscriptions = new Set<Subscription>();
  #opening: Promise<void> | undefined;
  #client: pg.Client | undefined;
  #isLost = false;
  #asked: Promise<unknown> = Promise.resolve();

  constructor(url: string, signs: SignsOfLife) {
    this.#url = url;
    this.#signs = signs;
  }

  async add(subscription: Subscription): Promise<void> {
    this.#subscriptions.add(subscription);
    // Whoever comes while it is away is told when it is back, as all others are.
    if (this.#isLost) return;
    this.#opening ??= this.#open();
    await this.#opening;
    if (this.#client) await this.#ask(this.#client, `LISTEN ${pg.escapeIdentifier(subscription.channel)}`);
  }

  /** One thing after the other: pg warns of a second query while one is under way, and its next version takes none. */
  #ask(client: pg.Client, query: string): Promise<unknown> {
    const answer = this.#asked.then(() => client.query(query));
    this.#asked = answer.catch(() => {});
    return answer;
  }

  async remove(subscription: Subscription): Promise<void> {
    if (!this.#subscriptions.delete(subscription) || this.#subscriptions.size > 0) return;
    // Whoever listens next opens another.
    lines.delete(this.#url);
    await this.#client?.end();
  }

  async #open(): Promise<void> {
    const client = new pg.Client({
      ...{ connectionString: this.#url, application_name: 'alfred listen' },
      ...{ connectionTimeoutMillis: this.#signs.withinMs, query_timeout: this.#signs.withinMs },
    });
    client.on('notification', ({ channel, payload }) => {
      for (const one of this.#subscriptions) if (one.channel === channel) one.onNotify(payload ?? '');
    });
    // 'error' is followed by 'end', which is where a lost connection is dealt with.
    client.on('error', () => {});
    try {
      await client.connect();
      await prepareSession(client);
      for (const channel of new Set([...this.#subscriptions].map((one) => one.channel)))
        await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      await client.end();
      throw error;
    }
    // Everybody left meanwhile.
    if (this.#subscriptions.size === 0) return await client.end();
    this.#client = client;
    const asked = this.#askForSigns(client);
    client.on('end', () => {
      void asked.stop();
      if (this.#subscriptions.size > 0) void this.#reopen();
    });
  }

  /** One that gives none is ended, and so comes back. */
  #askForSigns(client: pg.Client): Repeat {
    const asked = repeat(() => this.#ask(client, 'SELECT 1'), {
      everyMs: this.#signs.everyMs,
      pausesFirst: true,
      onTrouble: () => void client.end(),
    });
    asked.start();
    return asked;
  }

  async #reopen(): Promise<void> {
    this.#isLost = true;
    for (let failures = 1; this.#subscriptions.size > 0; failures++) {
      try {
        await this.#open();
        this.#isLost = false;
        for (const { onReconnect } of this.#subscriptions) onReconnect();
        return;
      } catch {
        // The database is still away. Whoever queries it says so; here it is tried again.
        await sleep(doubled(failures, backoff), undefined, { ref: false });
      }
    }
  }
}
