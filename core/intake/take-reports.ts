/**
 * The writing of reports: those that VMs send at the same time go into one statement, so into one transaction, and each is answered
 * once that is committed. A statement takes one report of a VM; what else it sent goes with the next.
 */
import { setImmediate } from 'node:timers/promises';
import type pg from 'pg';
import { isDatabaseAway } from '../../src/database/is-away.ts';
import { createBatcher } from '../../src/kernel/batcher.ts';
import type { CoreDatabase } from '../database.ts';

/** A report as the statement is given it. */
export type GivenReport = {
  vmId: string;
  reportId: string;
  periodStart: string;
  periodEnd: string;
  executions: number;
  durationMs: number;
  tokens: number;
  /** In UTC: that it counts for. */
  day: string;
  /** Which of its VM's reports it is; null for one of a VM that does not count them. */
  counter: number | null;
  /** Whether its period ends in a time to come. */
  isAhead: boolean;
};

/** What came of one: whether its VM was in a state to report it, and whether it was written, as it was not there. */
export type Taken = { isTurn: boolean; isStored: boolean };

/** How many reports one statement takes at most. It says so itself, as PostgreSQL then plans for as many, and not for a hundred. */
const most = 30;

/**
 * The reports and their days' totals. A report of a month that is closed, or of before the enrolment, becomes an entry.
 *
 * @param isNext the condition on which a VM may report
 * @param clockElse since when its clock is off, where this report is of no time to come
 */
const statement = (isNext: string, clockElse: string): string => `
  WITH given AS (
    SELECT "vmId" AS vm_id, "reportId" AS report_id, "periodStart" AS period_start, "periodEnd" AS period_end, executions,
      "durationMs" AS duration_ms, tokens, day, counter, "isAhead" AS is_ahead
    FROM json_to_recordset($1::json) AS g ("vmId" uuid, "reportId" uuid, "periodStart" timestamptz, "periodEnd" timestamptz,
      executions bigint, "durationMs" bigint, tokens bigint, day date, counter bigint, "isAhead" boolean)
    LIMIT ${most}
  ), vm AS (
    UPDATE vms SET last_report_at = now(),
      last_counter = greatest(last_counter, counter),
      counted_reports = counted_reports + (counter IS NOT NULL)::int,
      last_period_end = greatest(last_period_end, least(period_end, now())),
      clock_off_at = CASE WHEN is_ahead THEN now() ELSE ${clockElse} END
    FROM given
    WHERE id = vm_id AND suspended_at IS NULL AND retired_at IS NULL AND ${isNext}
    RETURNING given.*, coalesce(owner_id, '00000000-0000-0000-0000-000000000000') AS billed_to,
      (created_at AT TIME ZONE 'UTC')::date - 1 AS since
  ), stored AS (
    INSERT INTO metric_reports (vm_id, report_id, period_start, period_end, executions, duration_ms, tokens)
    SELECT vm_id, report_id, period_start, period_end, executions, duration_ms, tokens FROM vm
    ON CONFLICT DO NOTHING
    RETURNING vm_id
  ), booked AS (
    SELECT vm.*, CASE
      WHEN day < since THEN 'early'
      WHEN EXISTS (SELECT 1 FROM closed_months WHERE month = date_trunc('month', day)::date) THEN 'late'
    END AS kind
    FROM vm JOIN stored USING (vm_id) WHERE executions > 0 OR duration_ms > 0 OR tokens > 0
  ), total AS (
    INSERT INTO daily_totals (vm_id, day, billed_to, executions, duration_ms, tokens)
    SELECT vm_id, day, billed_to, executions, duration_ms, tokens FROM booked WHERE kind IS NULL
    ON CONFLICT (vm_id, day, billed_to) DO UPDATE SET
      executions = daily_totals.executions + excluded.executions,
      duration_ms = daily_totals.duration_ms + excluded.duration_ms,
      tokens = daily_totals.tokens + excluded.tokens
  ), entry AS (
    INSERT INTO entries (id, vm_id, kind, day, billed_in, billed_to, executions, duration_ms, tokens)
    SELECT gen_random_uuid(), vm_id, kind, day,
      CASE WHEN kind = 'late' THEN date_trunc('month', now() AT TIME ZONE 'UTC')::date END,
      billed_to, executions, duration_ms, tokens FROM booked WHERE kind IS NOT NULL
  )
  SELECT vm.vm_id AS "vmId", stored.vm_id IS NOT NULL AS "isStored" FROM vm LEFT JOIN stored USING (vm_id)`;

type Statement = { name: string; text: string };

const next: Statement = {
  name: 'store-reports',
  text: statement(
    'CASE WHEN counter IS NULL THEN last_counter IS NULL ELSE coalesce(last_counter, 0) + 1 = counter END',
    // A VM's time goes on: a next report of a day before the last one comes of a clock that was set back. One of before the enrolment
    // comes of such a clock, or of a VM that ran alone until then, whose last one follows at once.
    `CASE WHEN period_end < greatest(last_period_end, created_at) - interval '1 day' THEN now() END`,
  ),
};
const held: Statement = { name: 'store-odd-report', text: statement('true', 'clock_off_at') };

/** Of each database the reports that wait for it; as long as somebody holds it. */
const takers = new WeakMap<CoreDatabase, (report: GivenReport) => Promise<Taken>>();

/** Takes the next report of a VM, together with those of others. @throws what the database refuses it with */
export async function takeNext(db: CoreDatabase, report: GivenReport): Promise<Taken> {
  const taker = takers.get(db) ?? openTaker(db);
  takers.set(db, taker);
  return await taker(report);
}

/** Takes a report of a VM whose row is held, and whose number is known to be free. */
export async function takeHeld(client: pg.PoolClient, report: GivenReport): Promise<Taken> {
  return (await takeAll(client, held, [report]))[0] ?? noTurn;
}

function openTaker({ pool }: CoreDatabase): (report: GivenReport) => Promise<Taken> {
  // One refusal undoes the whole statement, and each of its reports is taken alone then: so a VM that was refused goes alone from
  // the beginning until it has a report taken, and slows down no other.
  const refused = new Set<string>();
  const mostRefused = 1000;
  const together = createBatcher<GivenReport, Taken>((reports) => takeInTurns(pool, reports), {
    most,
    concernsAll: isDatabaseAway,
    // What came in with the same look at the sockets goes with it.
    gather: () => setImmediate(),
  });
  return async (report) => {
    const isAlone = refused.has(report.vmId);
    try {
      const taken = isAlone ? (await takeInTurns(pool, [report]))[0] : await together(report);
      refused.delete(report.vmId);
      return taken ?? noTurn;
    } catch (error) {
      if (refused.size < mostRefused && !isDatabaseAway(error)) refused.add(report.vmId);
      throw error;
    }
  };
}

const noTurn: Taken = { isTurn: false, isStored: false };

/** Of each VM the first, then of each the second that came meanwhile. */
async function takeInTurns(pool: pg.Pool, reports: readonly GivenReport[]): Promise<Taken[]> {
  const taken: Taken[] = [];
  let left = [...reports.entries()];
  while (left.length > 0) {
    const now = new Map<string, [number, GivenReport]>();
    const later: [number, GivenReport][] = [];
    for (const one of left) {
      const { vmId } = one[1];
      if (now.has(vmId)) later.push(one);
      else now.set(vmId, one);
    }
    // In one order: of two processes that take reports of the same VMs, one waits.
    const turn = [...now.values()].sort(([, a], [, b]) => (a.vmId < b.vmId ? -1 : 1));
    const results = await takeAll(
      pool,
      next,
      turn.map(([, report]) => report),
    );
    for (const [at, [index]] of turn.entries()) taken[index] = results[at] ?? noTurn;
    left = later;
  }
  return taken;
}

async function takeAll(
  client: pg.Pool | pg.PoolClient,
  query: Statement,
  reports: readonly GivenReport[],
): Promise<Taken[]> {
  // As one text: PostgreSQL plans the same for any number of reports, and so once for all.
  const values = [JSON.stringify(reports)];
  const { rows } = await client.query<{ vmId: string; isStored: boolean }>({ ...query, values });
  const found = new Map(rows.map(({ vmId, isStored }) => [vmId, isStored]));
  return reports.map(({ vmId }) => ({ isTurn: found.has(vmId), isStored: found.get(vmId) === true }));
}
