/**
 * Counts uses that come by the hundred a second (a webhook's secret, at every delivery) and writes them down once a second: a
 * row that every delivery changed would make them wait for each other.
 */
import type { Database } from '../database/client.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { recordSecretUses, type UsedSecret } from './record-secret-uses.ts';

export type SecretUseCounter = {
  count(secret: UsedSecret, destination: string): void;
  /** Writes down what was counted; on its way out, the last. */
  close(): Promise<void>;
};

const everyMs = 1000;

export function createSecretUseCounter({
  db,
  log,
}: {
  db: Pick<Database, 'pool'>;
  log: Logger;
}): SecretUseCounter {
  const counted = new Map<string, { secret: UsedSecret; destination: string; times: number }>();
  let timer: NodeJS.Timeout | undefined;

  async function write(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const all = [...counted.values()];
    counted.clear();
    for (const { secret, destination, times } of all) {
      try {
        await recordSecretUses(db, { secrets: [secret], destination, times });
      } catch (error) {
        log.warn(
          { secret: secret.label, times },
          `uses of a secret were not written down: ${messageOf(error)}`,
        );
      }
    }
  }

  return {
    count(secret, destination) {
      const { place } = secret;
      const name = JSON.stringify([place.table, place.rowId, place.pointer, destination]);
      const entry = counted.get(name) ?? { secret, destination, times: 0 };
      entry.times += 1;
      counted.set(name, entry);
      timer ??= setTimeout(() => void write(), everyMs).unref();
    },
    close: write,
  };
}
