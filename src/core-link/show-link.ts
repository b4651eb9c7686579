import { readConfig } from '../config/read-config.ts';
import type { CoreLink, CoreScope, KeptReport } from '../contract/core.ts';
import type { Database, Transaction } from '../database/client.ts';
import { cutPage } from '../database/pages.ts';
import { thumbprintOf } from './follow-succession.ts';
import { readLink } from './link-state.ts';

/** What the owner lets Core's tokens do here. */
export const readTokenScopes = async (db: Pick<Transaction, 'config'>): Promise<CoreScope[]> =>
  (await readConfig(db, 'core_token_scopes')).core_token_scopes;

type Sums = { executions: bigint; durationMs: bigint; tokens: bigint; waiting: bigint };

/** The link as the owner sees it, with what Core has been told in all. */
export async function showLink({ db }: { db: Database }): Promise<CoreLink> {
  const link = await readLink(db.prisma);
  const [sums] = await db.prisma.$queryRaw<Sums[]>`
    SELECT
      (SELECT coalesce(sum((body::jsonb ->> 'executions')::bigint), 0)::bigint FROM metric_reports WHERE acknowledged_at IS NOT NULL) AS "executions",
      (SELECT coalesce(sum((body::jsonb ->> 'durationMs')::bigint), 0)::bigint FROM metric_reports WHERE acknowledged_at IS NOT NULL) AS "durationMs",
      (SELECT coalesce(sum((body::jsonb ->> 'tokens')::bigint), 0)::bigint FROM metric_reports WHERE acknowledged_at IS NOT NULL) AS "tokens",
      (SELECT count(*) FROM executions WHERE mode = 'live' AND NOT reported_to_core AND completed_at IS NOT NULL) AS "waiting"`;
  const waiting = { acknowledgedAt: null, abandonedAt: null };
  const [reports, oldest, latest] = await Promise.all([
    db.prisma.metricReport.count({ where: waiting }),
    db.prisma.metricReport.findFirst({ where: waiting, orderBy: { seq: 'asc' } }),
    db.prisma.metricReport.findFirst({
      where: { acknowledgedAt: { not: null } },
      orderBy: { acknowledgedAt: 'desc' },
    }),
  ]);
  const config = await readConfig(
    db.prisma,
    ...(['core_token_scopes', 'core_anchor', 'core_report_minutes', 'core_copied'] as const),
  );
  return {
    linked: link !== undefined,
    url: link?.url ?? null,
    issuer: link?.issuer ?? null,
    vmId: link?.vmId ?? null,
    linkedAt: link?.linkedAt || null,
    keyFingerprint: link ? await thumbprintOf(link.publicKey) : null,
    tokenScopes: config.core_token_scopes,
    anchors: config.core_anchor,
    reportMinutes: config.core_report_minutes,
    reported: {
      executions: Number(sums?.executions ?? 0),
      durationMs: Number(sums?.durationMs ?? 0),
      tokens: Number(sums?.tokens ?? 0),
    },
    waiting: { executions: Number(sums?.waiting ?? 0), reports },
    lastAcknowledgedAt: latest?.acknowledgedAt?.toISOString() ?? null,
    lastError: oldest?.lastError ?? null,
    copiedAt: config.core_copied ?? null,
  };
}

/** A page of the reports, the newest first, with the exact bytes of each. */
export async function listReports(
  { db }: { db: Database },
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: KeptReport[]; nextCursor: string | null }> {
  const from =
    cursor === undefined ? null : await db.prisma.metricReport.findUnique({ where: { id: cursor } });
  const rows = await db.prisma.metricReport.findMany({
    ...(cursor === undefined ? {} : { where: { seq: { lt: from?.seq ?? 0n } } }),
    orderBy: { seq: 'desc' },
    take: limit + 1,
  });
  const { page, nextCursor } = cutPage(rows, limit, ({ id }) => id);
  return {
    items: page.map(({ body, createdAt, acknowledgedAt, abandonedAt, attempts, lastError }) => ({
      body,
      createdAt: createdAt.toISOString(),
      acknowledgedAt: acknowledgedAt?.toISOString() ?? null,
      abandonedAt: abandonedAt?.toISOString() ?? null,
      attempts,
      lastError,
    })),
    nextCursor,
  };
}
