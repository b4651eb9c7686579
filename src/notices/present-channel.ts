import type { Channel } from '../contract/channels.ts';
import type { Database } from '../database/client.ts';
import type { Vault } from '../vault/vault.ts';
import { type ChannelRow, secretPlace } from './channel-row.ts';

/** How many notices of a channel wait, since when, and how many were given up. */
export type Counts = { waiting: number; oldestAt: Date | null; givenUp: number };

const nothing: Counts = { waiting: 0, oldestAt: null, givenUp: 0 };

/** The counts of each channel that has any notices. */
export async function readCounts({ pool }: Pick<Database, 'pool'>): Promise<Map<string, Counts>> {
  const { rows } = await pool.query<Counts & { id: string }>(
    `SELECT channel_id AS id, count(*) FILTER (WHERE status = 'waiting')::int AS waiting,
       min(at) FILTER (WHERE status = 'waiting') AS "oldestAt",
       count(*) FILTER (WHERE status = 'given_up')::int AS "givenUp"
     FROM notice_deliveries GROUP BY channel_id`,
  );
  return new Map(rows.map(({ id, ...counts }) => [id, counts]));
}

/** The channel as it is shown: no secret, only where one stands. */
export function presentChannel(
  vault: Vault,
  row: ChannelRow,
  { waiting, oldestAt, givenUp }: Counts = nothing,
  warnings: string[] = [],
): Channel {
  const secrets = Object.entries(row.secrets).map(([field, sealed]) => [
    field,
    { sealed: true as const, fingerprint: vault.fingerprintOf(secretPlace(row.id, field), sealed) },
  ]);
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    place: row.place,
    config: { ...row.config, ...Object.fromEntries(secrets) },
    rules: row.rules,
    isActive: row.isActive,
    lastDeliveredAt: row.lastDeliveredAt?.toISOString() ?? null,
    waiting,
    oldestAt: oldestAt?.toISOString() ?? null,
    givenUp,
    failures: row.failures,
    failingSince: row.failingSince?.toISOString() ?? null,
    retryAt: row.retryAt?.toISOString() ?? null,
    lastError: row.lastError,
    createdAt: row.createdAt.toISOString(),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}
