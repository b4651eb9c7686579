/** What was spent of which cap, for people and programs. */
import type pg from 'pg';
import type { Budget, Spend } from '../../contract/budget.ts';
import { type Period, windowOf } from '../../schedules/windows.ts';
import { type Cap, type CapsDeps, readCaps, scopeOfSkill, scopeOfVm } from './caps.ts';
import { forecastOf, lookedBackDays } from './forecast.ts';
import { readSpent } from './reserve-spend.ts';

/** More skills than these are not named. */
const mostSkills = 200;

type SkillRow = { id: string; slug: string; day: string | null; month: string | null };

/** Reads it as it is now. */
export async function readBudget(deps: CapsDeps): Promise<Budget> {
  const { db } = deps;
  const nobody = { executionId: undefined, skillId: undefined, runCapUsd: undefined };
  const { now, timezone, caps, runDefaultUsd } = await readCaps(deps, nobody);
  const limit = (period: Period) => caps.find((cap) => cap.period === period)?.capUsd ?? null;
  const windows = { day: windowOf('day', timezone, now), month: windowOf('month', timezone, now) };
  const skills = await db.pool.query<SkillRow>(
    `SELECT s.id, s.slug, s.max_cost_per_day_usd AS day, s.max_cost_per_month_usd AS month
     FROM skills s LEFT JOIN LATERAL (
       SELECT sum(usd) AS usd FROM spend_totals t WHERE t.scope = 'skill:' || s.id AND t.bucket >= $1
     ) AS total ON true
     WHERE total.usd > 0 OR s.max_cost_per_day_usd IS NOT NULL OR s.max_cost_per_month_usd IS NOT NULL
     ORDER BY total.usd DESC NULLS LAST, s.slug LIMIT $2`,
    [windows.month.from, mostSkills],
  );
  const asked: { scope: string; period: Period; capUsd: number | null }[] = [
    { scope: scopeOfVm, period: 'day', capUsd: limit('day') },
    { scope: scopeOfVm, period: 'month', capUsd: limit('month') },
    ...skills.rows.flatMap(({ id, day, month }) => [
      { scope: scopeOfSkill(id), period: 'day' as const, capUsd: day === null ? null : Number(day) },
      { scope: scopeOfSkill(id), period: 'month' as const, capUsd: month === null ? null : Number(month) },
    ]),
  ];
  const questions = asked.map(
    ({ scope, period }): Cap => ({
      kind: 'vm',
      period,
      scope,
      window: windows[period],
      capUsd: 0,
      setting: '',
    }),
  );
  const [spent, recent] = await Promise.all([
    readSpent(db.pool, questions, nobody),
    readRecent(db.pool, now),
  ]);
  const spends = asked.map(({ period, capUsd }, index): Spend => {
    const { from, until } = windows[period];
    const { spentUsd = 0, heldUsd = 0, lostUsd = 0 } = spent[index] ?? {};
    return { capUsd, spentUsd, heldUsd, lostUsd, from: from.toISOString(), until: until.toISOString() };
  });
  const at = (index: number): Spend => {
    const found = spends[index];
    if (!found) throw new Error('Every question has an answer');
    return found;
  };
  return {
    timezone,
    run: { capUsd: runDefaultUsd ?? null },
    day: at(0),
    month: at(1),
    forecast: forecastOf(at(1), recent, now),
    skills: skills.rows.map(({ slug }, index) => ({
      slug,
      day: at(2 + 2 * index),
      month: at(3 + 2 * index),
    })),
  };
}

async function readRecent(pool: pg.Pool, now: Date): Promise<{ usd: number; since: Date | null }> {
  const { rows } = await pool.query<{ usd: number; since: Date | null }>(
    `SELECT coalesce(sum(usd), 0)::float8 AS usd, min(bucket) AS since FROM spend_totals
     WHERE scope = $1 AND bucket >= $2::timestamptz - make_interval(days => $3)`,
    [scopeOfVm, now, lookedBackDays],
  );
  return rows[0] ?? { usd: 0, since: null };
}
