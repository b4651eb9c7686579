/** How long claims of dead processes stand: looked at from outside, all the time. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { isProcessThere } from '../../src/processes/process-identity.ts';

/** Where the embedded PostgreSQL of a home is. */
export const databaseUrlOf = (home: string): string =>
  (JSON.parse(readFileSync(path.join(home, 'postgres/running.json'), 'utf8')) as { url: string }).url;

/** Connects to the embedded PostgreSQL of a home. */
export async function connect(home: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrlOf(home) });
  client.on('error', () => {});
  await client.connect();
  return client;
}

export type ClaimWatch = {
  /** The longest so far, in milliseconds. */
  longest(): number;
  stop(): Promise<void>;
};

export function watchClaims(home: string): ClaimWatch {
  const since = new Map<string, number>();
  let longest = 0;
  let isOver = false;
  const look = async () => {
    const client = await connect(home);
    try {
      const { rows } = await client.query<{ id: string; process: string }>(
        'SELECT DISTINCT w.id, w.process FROM workers w JOIN executions e ON e.claimed_by = w.id',
      );
      const dead = rows.filter((row) => !isProcessThere(row.process)).map(({ id }) => id);
      for (const id of since.keys()) if (!dead.includes(id)) since.delete(id);
      for (const id of dead) {
        since.set(id, since.get(id) ?? Date.now());
        longest = Math.max(longest, Date.now() - (since.get(id) ?? Date.now()));
      }
    } finally {
      await client.end();
    }
  };
  const loop = (async () => {
    while (!isOver) {
      // The database may be the one that was killed: then nothing is seen, and the time goes on.
      await look().catch(() => {});
      await sleep(500);
    }
  })();
  return {
    longest: () => longest,
    async stop() {
      isOver = true;
      await loop;
    },
  };
}
