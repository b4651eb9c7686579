import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { readConfig } from '../config/read-config.ts';
import { encodeReport, mostInReport, reportIdOf } from '../contract/core.ts';
import type { Transaction } from '../database/client.ts';
import { holdLock } from '../database/locks.ts';
import { timeNow } from '../kernel/clock.ts';
import { canonicalJson, sha256 } from '../kernel/hash.ts';
import { writePlain } from '../vault/plain-rows.ts';
import { linkKeys } from './link-state.ts';

/** How many executions one report counts at most: a long backlog is told in several. */
const mostInOne = 20_000;

const day = 86_400_000;

/** What is told when nothing ran, so that Core can tell a VM that idles from one that is gone; in milliseconds. */
const idleEvery = day;

/** The first moment of a time's day, in UTC. */
const dayOf = (time: Date): Date => new Date(Math.floor(time.getTime() / day) * day);

type Numbers = { executions: bigint; durationMs: bigint; tokens: bigint };
type Chosen = Numbers & { ids: string[]; last: Date | null; isAll: boolean };
type Kept = { seq: bigint; createdAt: Date; periodEnd: Date };

/**
 * Makes the next report in `tx`: counts the live executions that ended and are in no report yet, marks each as counted in
 * this one, and keeps the exact bytes. All of it is committed, or nothing: an execution that ends meanwhile is in the next.
 *
 * A report stays within one day (UTC, by the executions' end), as bills go by days; its period ends now at the latest, whatever
 * a clock that was wrong left behind. It begins where the last one ended, so it says nothing of when anything ran. When there is
 * nothing to count, three zeros are told once a day.
 *
 * @param vmId who this VM is to Core; undefined for an example
 * @param options.always also when there is nothing to tell
 * @returns the report's id and bytes; undefined when there is nothing to report
 */
export async function makeReport(
  tx: Transaction,
  vmId?: string,
  options: { always?: boolean } = {},
): Promise<{ id: string; body: string } | undefined> {
  // Two that make reports at once take turns: the second sees what the first has counted.
  await holdLock(tx, 'reports');
  const now = timeNow();
  const before = (await readConfig(tx, linkKeys.counter)).core_counter ?? 0;
  const last = await lastKept(tx);
  const [oldest] = await tx.$queryRaw<{ at: Date | null }[]>`
    SELECT min(completed_at) AS at FROM executions
    WHERE mode = 'live' AND NOT reported_to_core AND metric_report_id IS NULL`;
  const isIdle = !oldest?.at;
  if (isIdle && !(options.always || (vmId !== undefined && isIdleDue(before, last, now)))) return undefined;
  const start = dayOf(oldest?.at && oldest.at < now ? oldest.at : now);
  const end = new Date(start.getTime() + day);
  const isToday = now < end;
  const chosen = isIdle ? nothing : await choose(tx, isToday ? undefined : end);
  const reached = chosen.isAll ? (isToday ? now : end) : (chosen.last ?? now);
  const periodEnd = reached < now ? reached : now;
  const isWithin = last !== undefined && last.periodEnd > start && last.periodEnd <= periodEnd;
  const counter = before + 1;
  const counted = {
    periodStart: (isWithin ? last.periodEnd : start).toISOString(),
    periodEnd: periodEnd.toISOString(),
    executions: Number(chosen.executions),
    durationMs: Number(chosen.durationMs),
    tokens: Number(chosen.tokens),
  };
  const digest = sha256(canonicalJson({ vmId: vmId ?? '', counter, ...counted, ids: chosen.ids }));
  const id = reportIdOf(counter, digest.toString('hex'));
  const body = encodeReport({ reportId: id, ...counted });
  const written = { createdAt: now, nextAttemptAt: now };
  await tx.metricReport.create({
    data: { id, seq: (last?.seq ?? 0n) + 1n, vmId: vmId ?? null, body, ...written },
  });
  await tx.$executeRaw`UPDATE executions SET metric_report_id = ${id}::uuid WHERE id = ANY(${chosen.ids}::uuid[])`;
  await writePlain(tx, { [linkKeys.counter]: String(counter) });
  await recordAudit(tx, { action: 'core.reported', actor: systemActor, subject: id, data: { body } });
  return { id, body };
}

const nothing: Chosen = { ids: [], executions: 0n, durationMs: 0n, tokens: 0n, last: null, isAll: true };

async function lastKept(tx: Transaction): Promise<Kept | undefined> {
  const [last] = await tx.$queryRaw<Kept[]>`
    SELECT seq, created_at AS "createdAt", (body::jsonb ->> 'periodEnd')::timestamptz AS "periodEnd"
    FROM metric_reports ORDER BY seq DESC LIMIT 1`;
  return last;
}

/** Whether this Core was told nothing for a day, or ever. A report of a time to come was made before the clock was put back. */
function isIdleDue(counter: number, last: Kept | undefined, now: Date): boolean {
  if (counter === 0 || last === undefined) return true;
  return Math.abs(now.getTime() - last.createdAt.getTime()) >= idleEvery;
}

/** The executions of a report, the oldest first; with `end` those before it. As many as a report's numbers may say, and one at least. */
async function choose(tx: Transaction, end: Date | undefined): Promise<Chosen> {
  const [chosen] = await tx.$queryRaw<(Chosen & { left: boolean })[]>`
    WITH waiting AS (
      SELECT id, duration_ms, token_count, completed_at FROM executions
      WHERE mode = 'live' AND NOT reported_to_core AND metric_report_id IS NULL AND completed_at IS NOT NULL
        AND (${end ?? null}::timestamptz IS NULL OR completed_at < ${end ?? null}::timestamptz)
      ORDER BY completed_at, id LIMIT ${mostInOne + 1} FOR UPDATE
    ), summed AS (
      SELECT *, row_number() OVER each AS n, sum(duration_ms) OVER each AS durations, sum(token_count) OVER each AS token_sum
      FROM waiting WINDOW each AS (ORDER BY completed_at, id)
    ), chosen AS (
      SELECT * FROM summed WHERE n = 1
        OR (n <= ${mostInOne} AND durations <= ${mostInReport.durationMs}::bigint AND token_sum <= ${mostInReport.tokens}::bigint)
    )
    SELECT coalesce(array_agg(id::text ORDER BY completed_at, id), '{}') AS ids, count(*) AS executions,
      least(coalesce(sum(duration_ms), 0), ${mostInReport.durationMs}::bigint)::bigint AS "durationMs",
      least(coalesce(sum(token_count), 0), ${mostInReport.tokens}::bigint)::bigint AS tokens,
      max(completed_at) AS last, count(*) = (SELECT count(*) FROM waiting) AS "isAll"
    FROM chosen`;
  return chosen ?? nothing;
}
