/** What the database, the model's endpoint and the receiver of notices say in the end, held against what was accepted. */
import type pg from 'pg';
import type { Load } from './load.ts';
import { failingSlug, scheduleSlug } from './load.ts';
import type { Tally } from './tally.ts';
import type { WatchedModel } from './watched-model.ts';

export type Witnesses = {
  client: pg.Client;
  model: WatchedModel;
  load: Load;
  /** The ids of executions that the receiver was told of, repeats included. */
  notices: string[];
  /** Fire times of the schedule that must be on record, in milliseconds. */
  fires: number[];
};

type Row = {
  id: string;
  slug: string;
  status: string;
  code: string | null;
  token: string | null;
  failureOf: string | null;
  scheduledFor: string | null;
  missed: string | null;
};
type Step = { id: string; step: number; status: string; attempt: number; at: Date };

/** The ids of whatever there is more than once. */
const repeated = <T>(all: readonly T[]): T[] => all.filter((one, index) => all.indexOf(one) !== index);

type Found = { rows: Row[]; steps: Step[]; gaps: { id: string }[]; open: { id: string; status: string }[] };

async function readAll(client: pg.Client): Promise<Found> {
  const query = async <T>(sql: string): Promise<T[]> => (await client.query(sql)).rows;
  return {
    rows: await query<Row>(
      `SELECT id, skill_slug AS slug, status, error_code AS code,
         coalesce(input ->> 'token', input -> 'body' ->> 'token') AS token, trigger_detail ->> 'failureOf' AS "failureOf",
         trigger_detail ->> 'scheduledFor' AS "scheduledFor", trigger_detail ->> 'missed' AS missed FROM executions`,
    ),
    steps: await query<Step>(
      'SELECT execution_id AS id, step_id AS step, status, attempt, finished_at AS at FROM execution_steps',
    ),
    gaps: await query<{ id: string }>(
      `SELECT execution_id AS id FROM all_events GROUP BY 1
       HAVING max(seq) <> count(*) OR count(*) FILTER (WHERE kind = 'end') > 1`,
    ),
    open: await query<{ id: string; status: string }>(
      'SELECT id, status FROM executions WHERE completed_at IS NULL',
    ),
  };
}

const isMeant = ({ slug, code }: Row) => slug === failingSlug && code === 'E_MODEL_AUTH';
const mournedBy = (rows: readonly Row[]) =>
  rows.flatMap(({ failureOf }) => (failureOf === null ? [] : [failureOf]));
const timesOf = (rows: readonly Row[]) =>
  rows.flatMap(({ scheduledFor }) => (scheduledFor === null ? [] : [Date.parse(scheduledFor)]));

export async function count({
  client,
  model,
  load,
  notices,
  fires,
}: Witnesses): Promise<
  Omit<Tally, 'seed' | 'seconds' | 'kills' | 'orphaned' | 'recoveries' | 'longestHeld' | 'audited' | 'alarms'>
> {
  const found = await readAll(client);
  const { rows, steps, open } = found;
  return {
    accepted: load.accepted.size,
    deliveries: load.deliveries,
    scheduled: rows.filter(({ slug }) => slug === scheduleSlug).length,
    succeeded: rows.filter(({ status }) => status === 'succeeded').length,
    meantToFail: rows.filter(isMeant).length,
    notices: notices.length,
    interrupted: rows.filter(({ code }) => code === 'E_INTERRUPTED').length,
    failed: failuresOf(rows),
    retakenSteps: steps.filter(({ attempt }) => attempt > 1).length,
    lost: lostOf(rows, [...load.accepted], notices, fires),
    doubled: doubledOf(found, model),
    stuck: open.map(({ id, status }) => `stuck: ${id} is ${status}`),
  };
}

/** How many failed by each code, beside those that were meant to and those that a kill interrupted. */
function failuresOf(rows: readonly Row[]): Record<string, number> {
  const failed: Record<string, number> = {};
  for (const row of rows) {
    const { status, code } = row;
    if (status === 'succeeded' || code === null || code === 'E_INTERRUPTED' || isMeant(row)) continue;
    failed[code] = (failed[code] ?? 0) + 1;
  }
  return failed;
}

function lostOf(
  rows: readonly Row[],
  accepted: readonly string[],
  notices: readonly string[],
  fires: readonly number[],
): string[] {
  const ids = new Set(rows.map(({ id }) => id));
  const failures = rows.filter(({ slug, status }) => slug === failingSlug && status === 'failed');
  const mourned = mournedBy(rows);
  const told = new Set(notices);
  const times = timesOf(rows);
  const unfired = fires.filter((time) => !times.includes(time));
  const caughtUp = rows.reduce((sum, { missed }) => sum + Number(missed ?? 0), 0);
  return [
    ...accepted.filter((id) => !ids.has(id)).map((id) => `lost: ${id}`),
    ...failures.filter(({ id }) => !mourned.includes(id)).map(({ id }) => `lost: failure skill of ${id}`),
    ...rows
      .filter(({ id, status }) => status === 'failed' && !told.has(id))
      .map(({ id }) => `lost: notice of ${id}`),
    // One run stands for all that were missed while the VM was off.
    ...unfired.slice(caughtUp).map((time) => `lost: schedule of ${new Date(time).toISOString()}`),
  ];
}

function doubledOf({ rows, steps, gaps }: Found, model: WatchedModel): string[] {
  const tokenOf = new Map(
    rows.map(({ id, token, failureOf }) => [
      id,
      token ?? (failureOf === null ? '' : `mourning-${failureOf}`),
    ]),
  );
  const rerun = steps
    .filter(({ status }) => status === 'done')
    .flatMap(({ id, step, at }) =>
      model
        .requestsOf(tokenOf.get(id) ?? '', step)
        .filter((time) => time > at.getTime())
        .map(() => `doubled: step ${step} of ${id} was run after it was done`),
    );
  return [
    ...rerun,
    ...repeated(rows.flatMap(({ token }) => token ?? [])).map((one) => `doubled: two executions of ${one}`),
    ...repeated(mournedBy(rows)).map((id) => `doubled: two runs of the failure skill for ${id}`),
    ...repeated(timesOf(rows)).map((time) => `doubled: schedule of ${new Date(time).toISOString()}`),
    ...model.overlaps().map((what) => `doubled: two agents at once on ${what}`),
    ...gaps.map(({ id }) => `doubled: events of ${id} are not whole`),
  ];
}
