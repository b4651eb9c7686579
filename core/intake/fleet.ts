/** The fleet as people see it, each their own VMs and the provider all: what needs somebody first. */
import {
  type Fleet,
  type FleetEntry,
  type FleetQuery,
  type VmState,
  vmStates,
} from '../../src/contract/fleet.ts';
import type { Person } from '../access/people.ts';
import type { CoreDatabase } from '../database.ts';
import { firstDay, nextMonth } from './months.ts';
import { vmStateSql } from './vm-state.ts';

/** $1, $2: the month and the one after it. $3: whose they are, null for all. $4: what is looked for, as LIKE has it. */
const seen = `
  WITH billed AS (
    SELECT vm_id, sum(executions) AS executions, sum(duration_ms) AS duration_ms, sum(tokens) AS tokens FROM (
      SELECT vm_id, billed_to, executions, duration_ms, tokens FROM daily_totals WHERE day >= $1::date AND day < $2::date
      UNION ALL
      SELECT vm_id, billed_to, executions, duration_ms, tokens FROM entries WHERE billed_in = $1::date
    ) AS every WHERE $3::uuid IS NULL OR billed_to = $3::uuid GROUP BY vm_id
  ), seen AS (
    SELECT v.*, u.login, coalesce(u.customer_number, '') AS customer_number,
      coalesce(b.executions, 0) AS executions, coalesce(b.duration_ms, 0) AS duration_ms, coalesce(b.tokens, 0) AS tokens,
      ${vmStateSql} AS state,
      (v.refused_at IS NOT NULL AND (v.last_report_at IS NULL OR v.last_report_at < v.refused_at))
        OR v.clock_off_at IS NOT NULL OR coalesce(v.last_counter - v.counted_reports, 0) > 0 AS is_odd
    FROM vms v LEFT JOIN users u ON u.id = v.owner_id LEFT JOIN billed b ON b.vm_id = v.id
    WHERE ($3::uuid IS NULL OR v.owner_id = $3::uuid)
      AND ($4::text IS NULL OR v.label ILIKE $4 OR u.login ILIKE $4 OR u.customer_number ILIKE $4 OR v.id::text LIKE $4)
  )`;

/** A VM that reports, of which something is to be looked into all the same: refused, missing, of another time. */
const needsLook = "(is_odd AND state IN ('never', 'reporting'))";

const sorts: Readonly<Record<FleetQuery['sort'], string>> = {
  attention: `CASE WHEN ${needsLook} THEN 2.5 ELSE array_position(ARRAY['${vmStates.join("', '")}'], state) END`,
  label: 'lower(label)',
  owner: 'login',
  lastReportAt: 'last_report_at',
  createdAt: 'created_at',
  missingReports: 'coalesce(last_counter - counted_reports, 0)',
  executions: 'executions',
  durationMs: 'duration_ms',
  tokens: 'tokens',
};

const chosen: Readonly<Record<FleetQuery['state'], readonly VmState[]>> = {
  all: vmStates.filter((state) => state !== 'retired'),
  attention: ['copied', 'silent', 'suspended'],
  ...(Object.fromEntries(vmStates.map((state) => [state, [state]])) as Record<VmState, [VmState]>),
};

type CountRow = {
  state: VmState;
  vms: number;
  needLook: number;
  executions: string;
  durationMs: string;
  tokens: string;
};

type Row = {
  id: string;
  label: string;
  owner_id: string | null;
  login: string | null;
  customer_number: string;
  state: VmState;
  suspended_at: Date | null;
  created_at: Date;
  last_report_at: Date | null;
  retired_at: Date | null;
  copied_at: Date | null;
  clock_off_at: Date | null;
  refused_at: Date | null;
  refused_because: string | null;
  last_counter: string | null;
  counted_reports: string;
  executions: string;
  duration_ms: string;
  tokens: string;
};

/** A page of the VMs of `person`, with what is billed of each with the month, and the sums over all that was looked for. */
export async function readFleet({ pool }: CoreDatabase, person: Person, query: FleetQuery): Promise<Fleet> {
  const month = firstDay(query.month);
  const like = query.q === '' ? null : `%${query.q.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const about = [month, nextMonth(month), person.userId, like];
  const counted = await pool.query<CountRow>(
    `${seen} SELECT state, count(*)::int AS vms, (count(*) FILTER (WHERE ${needsLook}))::int AS "needLook", sum(executions) AS executions, sum(duration_ms) AS "durationMs",
       sum(tokens) AS tokens FROM seen GROUP BY state`,
    about,
  );
  const states = chosen[query.state];
  const direction = query.order === 'asc' ? 'ASC' : 'DESC';
  const found = await pool.query<Row>(
    `${seen} SELECT * FROM seen WHERE state = ANY($5::text[]) OR ($8 AND ${needsLook})
     ORDER BY ${sorts[query.sort]} ${direction} NULLS LAST, lower(label), id LIMIT $6 OFFSET $7`,
    [...about, states, query.limit, query.offset, query.state === 'attention'],
  );
  const sum = (of: (row: CountRow) => string) =>
    counted.rows.reduce((total, row) => total + Number(of(row)), 0);
  const counts = Object.fromEntries(vmStates.map((state) => [state, 0])) as Fleet['counts'];
  for (const { state, vms } of counted.rows) counts[state] = vms;
  const inStates = (which: readonly VmState[]) => which.reduce((total, state) => total + counts[state], 0);
  const attention = inStates(chosen.attention) + sum((row) => String(row.needLook));
  return {
    items: found.rows.map(entryOf),
    total: query.state === 'attention' ? attention : inStates(states),
    counts,
    attention,
    totals: {
      executions: sum((row) => row.executions),
      durationMs: sum((row) => row.durationMs),
      tokens: sum((row) => row.tokens),
    },
  };
}

/** When its reports were refused; a later one that was taken settled it. */
const refusedAt = ({ refused_at, last_report_at }: Row): Date | null =>
  refused_at === null || (last_report_at !== null && last_report_at >= refused_at) ? null : refused_at;

const entryOf = (row: Row): FleetEntry => ({
  vmId: row.id,
  label: row.label,
  ownerId: row.owner_id,
  owner: row.login,
  customerNumber: row.customer_number,
  state: row.state,
  suspended: row.suspended_at !== null,
  createdAt: row.created_at.toISOString(),
  lastReportAt: row.last_report_at?.toISOString() ?? null,
  retiredAt: row.retired_at?.toISOString() ?? null,
  copiedAt: row.copied_at?.toISOString() ?? null,
  clockOffAt: row.clock_off_at?.toISOString() ?? null,
  refusedAt: refusedAt(row)?.toISOString() ?? null,
  refusedBecause: refusedAt(row) === null ? null : row.refused_because,
  missingReports: row.last_counter === null ? 0 : Number(row.last_counter) - Number(row.counted_reports),
  executions: Number(row.executions),
  durationMs: Number(row.duration_ms),
  tokens: Number(row.tokens),
});
