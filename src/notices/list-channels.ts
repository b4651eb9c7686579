import type { Channel } from '../contract/channels.ts';
import type { Database } from '../database/client.ts';
import { rowAltered, rowGuardOf } from '../vault/row-guard.ts';
import type { Vault } from '../vault/vault.ts';
import { readChannel } from './channel-row.ts';
import { presentChannel, readCounts } from './present-channel.ts';

/** Every channel by name, and how it stands; one that somebody else changed says so as its error. */
export async function listChannels({ db, vault }: { db: Database; vault: Vault }): Promise<Channel[]> {
  const [rows, counts] = await Promise.all([
    db.prisma.noticeChannel.findMany({ orderBy: { name: 'asc' } }),
    readCounts(db),
  ]);
  const guard = rowGuardOf(db.prisma);
  return rows.map((row) => {
    const shown = presentChannel(vault, readChannel(row), counts.get(row.id));
    if (guard.isIntact('notice_channels', row)) return shown;
    const { message, remedy } = rowAltered('notice_channels', row.name);
    return { ...shown, isActive: false, lastError: `E_ROW_ALTERED: ${message} ${remedy ?? ''}` };
  });
}
