import type { Transaction } from '../database/client.ts';
import { readPlain } from '../vault/plain-rows.ts';

/**
 * The owner's IANA zone: days and months of caps, and schedules that name none. The machine's, until it is set.
 *
 * @throws AlfredError E_ROW_ALTERED
 */
export async function readTimezone(db: Pick<Transaction, 'config'>): Promise<string> {
  const zone = (await readPlain(db, ['timezone'])).get('timezone');
  return zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}
