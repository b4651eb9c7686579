import type { Transaction } from '../database/client.ts';

/** The owner's IANA zone: days and months of caps, and schedules that name none. The machine's, until it is set. */
export async function readTimezone(db: Pick<Transaction, 'config'>): Promise<string> {
  const row = await db.config.findUnique({ where: { key: 'timezone' } });
  return row?.value.startsWith('plain:')
    ? row.value.slice('plain:'.length)
    : Intl.DateTimeFormat().resolvedOptions().timeZone;
}
