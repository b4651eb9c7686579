import type { Preferences } from '../contract/preferences.ts';
import type { Transaction } from '../database/client.ts';
import { readConfig } from './read-config.ts';

/** How the owner wants the console. @throws AlfredError as `readConfig` does */
export async function readPreferences(db: Pick<Transaction, 'config'>): Promise<Preferences> {
  const read = await readConfig(db, 'language', 'clock', 'currency', 'currency_rate', 'byte_units');
  return {
    language: read.language ?? null,
    clock: read.clock ?? null,
    currency: read.currency === 'USD' ? null : read.currency,
    currencyRate: read.currency_rate ?? null,
    byteUnits: read.byte_units === 'binary' ? 'binary' : null,
  };
}
