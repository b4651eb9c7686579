import type { Stats } from '../contract/stats.ts';
import type { Database } from '../database/client.ts';

type Median = { median: number | null };
type Sums = { executions: number; failed: number; cost: number; tokens: number };

const sums = `count(*)::int AS executions, (count(*) FILTER (WHERE status = 'failed'))::int AS failed,
  coalesce(sum(cost_usd), 0)::float8 AS cost, coalesce(sum(token_count), 0)::float8 AS tokens`;
const median = 'percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms) AS median';
const since = `created_at >= (date_trunc('day', now() AT TIME ZONE $1) - make_interval(days => $2 - 1)) AT TIME ZONE $1`;

/** What the executions of the last `days` came to, counted in days of `timezone` (IANA), today being the last. */
export async function readStats(
  db: Database,
  { days, timezone }: { days: number; timezone: string },
): Promise<Stats> {
  const given = [timezone, days];
  const [perDay, perSkill, perModel, total] = await Promise.all([
    db.pool.query<Sums & Median & { day: string }>(
      `SELECT to_char(d.day, 'YYYY-MM-DD') AS day, coalesce(executions, 0) AS executions, coalesce(failed, 0) AS failed,
         coalesce(cost, 0) AS cost, coalesce(tokens, 0) AS tokens, median
       FROM generate_series(date_trunc('day', now() AT TIME ZONE $1) - make_interval(days => $2 - 1),
         date_trunc('day', now() AT TIME ZONE $1), '1 day') AS d(day)
       LEFT JOIN (
         SELECT date_trunc('day', created_at AT TIME ZONE $1) AS day, ${sums}, ${median} FROM executions WHERE ${since} GROUP BY 1
       ) AS s ON s.day = d.day
       ORDER BY d.day`,
      given,
    ),
    db.pool.query<Sums & { skill: string }>(
      `SELECT skill_slug AS skill, ${sums} FROM executions WHERE ${since} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50`,
      given,
    ),
    db.pool.query<Sums & { model: string | null }>(
      `SELECT model, ${sums} FROM executions WHERE ${since} GROUP BY 1 ORDER BY cost DESC, 2 DESC LIMIT 50`,
      given,
    ),
    db.pool.query<Sums & Median>(`SELECT ${sums}, ${median} FROM executions WHERE ${since}`, given),
  ]);
  const [all] = total.rows;
  return {
    timezone,
    totals: { ...present(all ?? nothing), medianMs: all?.median ?? null },
    days: perDay.rows.map(({ day, median, ...row }) => ({ day, ...present(row), medianMs: median })),
    skills: perSkill.rows.map(({ skill, ...row }) => ({ skill, ...present(row) })),
    models: perModel.rows.map(({ model, ...row }) => ({ model, ...present(row) })),
  };
}

const nothing: Sums = { executions: 0, failed: 0, cost: 0, tokens: 0 };
const present = ({ executions, failed, cost, tokens }: Sums) => ({
  executions,
  failed,
  costUsd: cost,
  tokens,
});
