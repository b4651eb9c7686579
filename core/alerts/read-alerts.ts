import type { Alerts } from '../../src/contract/core-alerts.ts';
import type { CoreDatabase } from '../database.ts';
import type { Channel } from './channels.ts';

/** What somebody must see to, the newest first, and whether each channel gets it delivered. */
export async function readAlerts(
  { prisma, pool }: CoreDatabase,
  channels: readonly Channel[],
): Promise<Alerts> {
  const open = await prisma.alert.findMany({
    // What a person settled, suspended or retired is over at once; the next look says so to the others.
    where: {
      endedAt: null,
      vm: { suspendedAt: null, retiredAt: null },
      NOT: { kind: 'copied', vm: { copiedAt: null } },
    },
    orderBy: [{ beganAt: 'desc' }, { id: 'asc' }],
    take: 1000,
    include: { vm: { include: { owner: true } } },
  });
  const { rows } = await pool.query<Standing>(
    `SELECT channel, count(*) FILTER (WHERE delivered_at IS NULL AND given_up_at IS NULL)::int AS waiting,
       count(*) FILTER (WHERE given_up_at IS NOT NULL)::int AS "givenUp", max(delivered_at) AS "lastDeliveredAt",
       (array_agg(last_error ORDER BY created_at) FILTER (WHERE delivered_at IS NULL AND last_error <> ''))[1] AS "lastError"
     FROM alert_messages GROUP BY channel`,
  );
  return {
    items: open.map(({ id, kind, beganAt, vm }) => ({
      id,
      vmId: vm.id,
      label: vm.label,
      owner: vm.owner?.login ?? null,
      customerNumber: vm.owner?.customerNumber ?? '',
      kind: kind as Alerts['items'][number]['kind'],
      beganAt: beganAt.toISOString(),
      lastReportAt: vm.lastReportAt?.toISOString() ?? null,
    })),
    channels: channels.map(({ name, to }) => {
      const found = rows.find(({ channel }) => channel === name);
      return {
        channel: name,
        to,
        waiting: found?.waiting ?? 0,
        givenUp: found?.givenUp ?? 0,
        lastDeliveredAt: found?.lastDeliveredAt?.toISOString() ?? null,
        lastError: found?.lastError ?? null,
      };
    }),
  };
}

type Standing = {
  channel: string;
  waiting: number;
  givenUp: number;
  lastDeliveredAt: Date | null;
  lastError: string | null;
};
