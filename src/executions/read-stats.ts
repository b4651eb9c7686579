import type { Stats } from '../contract/stats.ts';
import type { Database } from '../database/client.ts';
import { timeNow } from '../kernel/clock.ts';
import { dateOf, daysOfMonth, lastDays, windowOf } from '../schedules/windows.ts';

type Median = { median: number | null };
type Sums = { executions: number; failed: number; cost: number; tokens: number };

/** A replay is no run of its skill's; what it cost and used counts all the same. */
const isRun = `mode <> 'replay'`;
const sums = `(count(*) FILTER (WHERE ${isRun}))::int AS executions,
  (count(*) FILTER (WHERE status = 'failed' AND ${isRun}))::int AS failed,
  coalesce(sum(cost_usd), 0)::float8 AS cost, coalesce(sum(token_count), 0)::float8 AS tokens`;
const median = `percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms) FILTER (WHERE ${isRun}) AS median`;
const within = 'created_at >= ($1::timestamptz[])[1] AND created_at < $2';

/** What executions came to, counted in days of `timezone` (IANA): of a month, or of the last `days`, today being the last. */
export async function readStats(
  db: Database,
  { days, month, timezone }: { days: number; month?: string | undefined; timezone: string },
): Promise<Omit<Stats, 'spentUsd'>> {
  const now = timeNow();
  // Days begin where schedules and caps have them begin; PostgreSQL has zones of its own, and another year's.
  const begins = month === undefined ? lastDays(timezone, days, now) : daysOfMonth(timezone, month, now);
  const last = begins.at(-1);
  const { until } = windowOf('day', timezone, last ?? now);
  const given = [begins, until];
  const [perDay, perSkill, perModel, perConnection, total] = await Promise.all([
    db.pool.query<Sums & Median & { day: number }>(
      `SELECT width_bucket(created_at, $1::timestamptz[]) AS day, ${sums}, ${median}
       FROM executions WHERE ${within} GROUP BY 1`,
      given,
    ),
    db.pool.query<Sums & { skill: string }>(
      `SELECT skill_slug AS skill, ${sums} FROM executions WHERE ${within} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50`,
      given,
    ),
    db.pool.query<Sums & { model: string | null }>(
      `SELECT model, ${sums} FROM executions WHERE ${within} GROUP BY 1 ORDER BY cost DESC, 2 DESC LIMIT 50`,
      given,
    ),
    // Each run once for a connection, however often it called it.
    db.pool.query<Sums & { connection: string }>(
      `SELECT connection, ${sums} FROM executions
       JOIN LATERAL (SELECT DISTINCT connection FROM tool_calls WHERE execution_id = executions.id) AS used ON true
       WHERE ${within} GROUP BY 1 ORDER BY cost DESC, 2 DESC, 1 LIMIT 50`,
      given,
    ),
    db.pool.query<Sums & Median>(`SELECT ${sums}, ${median} FROM executions WHERE ${within}`, given),
  ]);
  const [all] = total.rows;
  return {
    timezone,
    until: until.toISOString(),
    totals: { ...present(all ?? nothing), medianMs: all?.median ?? null },
    days: begins.map((begin, index) => {
      const sums = perDay.rows.find(({ day }) => day === index + 1);
      return {
        day: dateOf(begin, timezone),
        begin: begin.toISOString(),
        ...present(sums ?? nothing),
        medianMs: sums?.median ?? null,
      };
    }),
    skills: perSkill.rows.map(({ skill, ...row }) => ({ skill, ...present(row) })),
    models: perModel.rows.map(({ model, ...row }) => ({ model, ...present(row) })),
    connections: perConnection.rows.map(({ connection, ...row }) => ({ connection, ...present(row) })),
  };
}

const nothing: Sums = { executions: 0, failed: 0, cost: 0, tokens: 0 };
const present = ({ executions, failed, cost, tokens }: Sums) => ({
  executions,
  failed,
  costUsd: cost,
  tokens,
});
