/**
 * Keeps a process's redactor true to secrets that other processes add, and its keys to those in use. A notification brings each one within milliseconds
 * of its commit; `vault.upToDate` closes the gap before it: whoever is about to store what came from outside asks it first.
 */
import type { Database } from '../database/client.ts';
import { listen } from '../database/listen.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { adoptKeys } from './adopt-keys.ts';
import { learnSecrets } from './learn-secrets.ts';
import type { KeySettings } from './root-key.ts';
import type { Vault } from './vault.ts';

export type SecretWatch = { close(): Promise<void> };

export type SecretNews = {
  /** A connection is not what it was; undefined: any of them, as what was told meanwhile is lost. */
  onConnection(name: string | undefined): void;
  /** The keys are others now. */
  onKeys(): Promise<void>;
};

/** Has the vault learn what other processes add, from now until it is closed. @throws AlfredError E_DATABASE */
export async function watchSecrets(
  { db, vault, log, settings }: { db: Database; vault: Vault; log: Logger; settings: KeySettings },
  { onConnection, onKeys }: SecretNews,
): Promise<SecretWatch> {
  let known = -1n;
  let learning: Promise<void> | undefined;

  // Bare SQL: it stands before every word of an answer.
  const epoch = async (): Promise<bigint> => {
    const { rows } = await db.pool.query<{ epoch: string }>('SELECT epoch FROM secret_epoch');
    return BigInt(rows[0]?.epoch ?? 0);
  };

  async function upToDate(): Promise<void> {
    // Who learns already may have begun before the newest secret was there: so it is looked at again.
    for (let now = await epoch(); now > known; now = await epoch()) {
      learning ??= learn(now).finally(() => {
        learning = undefined;
      });
      await learning;
    }
  }

  /** @param from read before the secrets were: all that it counts are among them */
  async function learn(from: bigint): Promise<void> {
    if (await adoptKeys({ db, vault, log, settings })) await onKeys();
    await learnSecrets(db, vault, log);
    known = from;
  }

  function soon(): void {
    upToDate().catch((error: unknown) => {
      log.warn(`new secrets could not be read, and are before anything is stored: ${messageOf(error)}`);
    });
  }

  const listener = await listen(
    db.url,
    'secrets',
    (payload) => {
      soon();
      const [table, name] = payload.split(':');
      if (table === 'connections') onConnection(name);
    },
    () => {
      soon();
      onConnection(undefined);
    },
  );
  await upToDate();
  vault.follow(upToDate, () => (known < 0n ? undefined : known));
  return { close: () => listener.close() };
}
