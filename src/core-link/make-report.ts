import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { encodeReport } from '../contract/core.ts';
import type { Transaction } from '../database/client.ts';
import { holdLock } from '../database/locks.ts';
import { newId } from '../kernel/ids.ts';

/** How many executions one report counts at most: a long backlog is told in several. */
const mostInOne = 20_000;

type Counted = { executions: bigint; durationMs: bigint; tokens: bigint; last: Date | null };

/**
 * Makes the next report in `tx`: counts the live executions that ended and are in no report yet, marks each as counted in
 * this one, and keeps the exact bytes. All of it is committed, or nothing: an execution that ends meanwhile is in the next.
 *
 * A report stays within one month (UTC, by the executions' end). Its period begins where the last one ended, so it says
 * nothing of when anything ran.
 *
 * @returns the report's id and bytes; undefined when there is nothing to report
 */
export async function makeReport(tx: Transaction): Promise<{ id: string; body: string } | undefined> {
  // Two that make reports at once take turns: the second sees what the first has counted.
  await holdLock(tx, 'reports');
  const [oldest] = await tx.$queryRaw<{ at: Date | null }[]>`
    SELECT min(completed_at) AS at FROM executions
    WHERE mode = 'live' AND NOT reported_to_core AND metric_report_id IS NULL`;
  if (!oldest?.at) return undefined;
  const monthStart = new Date(Date.UTC(oldest.at.getUTCFullYear(), oldest.at.getUTCMonth()));
  const nextMonth = new Date(Date.UTC(oldest.at.getUTCFullYear(), oldest.at.getUTCMonth() + 1));
  const id = newId();
  const [counted] = await tx.$queryRaw<Counted[]>`
    WITH chosen AS (
      SELECT id FROM executions
      WHERE mode = 'live' AND NOT reported_to_core AND metric_report_id IS NULL
        AND completed_at >= ${monthStart} AND completed_at < ${nextMonth}
      ORDER BY completed_at, id LIMIT ${mostInOne} FOR UPDATE
    ), counted AS (
      UPDATE executions SET metric_report_id = ${id}::uuid
      WHERE id IN (SELECT id FROM chosen) RETURNING duration_ms, token_count, completed_at
    )
    SELECT count(*) AS "executions", coalesce(sum(duration_ms), 0)::bigint AS "durationMs",
      coalesce(sum(token_count), 0)::bigint AS "tokens", max(completed_at) AS "last"
    FROM counted`;
  if (!counted || counted.executions === 0n) return undefined;

  const now = new Date();
  const isAll = counted.executions < BigInt(mostInOne);
  const periodEnd =
    !isAll && counted.last !== null
      ? counted.last // the next one goes on from there
      : now < nextMonth
        ? new Date(Math.max(now.getTime(), oldest.at.getTime()))
        : nextMonth;
  const [last] = await tx.$queryRaw<{ at: Date | null }[]>`
    SELECT (body::jsonb ->> 'periodEnd')::timestamptz AS at FROM metric_reports ORDER BY id DESC LIMIT 1`;
  const isWithin = last?.at && last.at > monthStart && last.at <= periodEnd;
  const body = encodeReport({
    reportId: id,
    periodStart: (isWithin ? last.at : monthStart)?.toISOString() ?? '',
    periodEnd: periodEnd.toISOString(),
    executions: Number(counted.executions),
    durationMs: Number(counted.durationMs),
    tokens: Number(counted.tokens),
  });
  await tx.metricReport.create({ data: { id, body } });
  await recordAudit(tx, { action: 'core.reported', actor: systemActor, subject: id, data: { body } });
  return { id, body };
}
