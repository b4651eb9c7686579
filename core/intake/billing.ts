/** What bills are made of: usage by whoever had the VM, what came late, and what a person corrected. */
import type { Billing, BillingEntry } from '../../src/contract/fleet.ts';
import type { Person } from '../access/people.ts';
import type { CoreDatabase } from '../database.ts';
import { nextMonth } from './months.ts';

export const nobody = '00000000-0000-0000-0000-000000000000';

/** $1, $2: the first month, and the one after the last. $3: whose, null for all. */
const lines = `
  SELECT * FROM (
    SELECT date_trunc('month', day)::date AS month, day, vm_id, billed_to, 'usage' AS kind, executions, duration_ms, tokens
    FROM daily_totals WHERE day >= $1::date AND day < $2::date
    UNION ALL
    SELECT coalesce(billed_in, date_trunc('month', day)::date), day, vm_id, billed_to, kind, executions, duration_ms, tokens
    FROM entries WHERE (billed_in >= $1::date AND billed_in < $2::date) OR (billed_in IS NULL AND day >= $1::date AND day < $2::date)
  ) AS line WHERE $3::uuid IS NULL OR billed_to = $3::uuid`;

type Row = {
  month: string;
  vmId: string;
  ownerId: string | null;
  kind: BillingEntry['kind'];
  executions: string;
  durationMs: string;
  tokens: string;
};

/** The bills of `person`, by month and VM, from the first to the last of them, both as `2026-11-01`. */
export async function readBilling(
  { pool, prisma }: CoreDatabase,
  person: Person,
  { from, to }: { from: string; to: string },
): Promise<Billing> {
  const { rows } = await pool.query<Row>(
    `SELECT to_char(month, 'YYYY-MM') AS month, vm_id AS "vmId", nullif(billed_to, $4::uuid) AS "ownerId", kind,
       sum(executions) AS executions, sum(duration_ms) AS "durationMs", sum(tokens) AS tokens
     FROM (${lines}) AS line GROUP BY month, vm_id, billed_to, kind ORDER BY month, vm_id, billed_to, kind`,
    [from, nextMonth(to), person.userId, nobody],
  );
  const closed = await prisma.closedMonth.findMany({
    where: { month: { gte: new Date(from), lte: new Date(to) } },
    orderBy: { month: 'asc' },
  });
  const entries = rows.map(({ executions, durationMs, tokens, ...row }) => ({
    ...row,
    executions: Number(executions),
    durationMs: Number(durationMs),
    tokens: Number(tokens),
  }));
  return {
    items: entries.filter(({ kind }) => kind !== 'early'),
    apart: entries.filter(({ kind }) => kind === 'early'),
    closed: closed.map(({ month }) => month.toISOString().slice(0, 7)),
  };
}

/** A line of a month's bills: of one VM, one day, one customer. */
export type BillLine = {
  month: string;
  dayUtc: string;
  customerNumber: string;
  login: string;
  vmId: string;
  vmLabel: string;
  kind: 'usage' | 'late' | 'correction';
  executions: number;
  durationMs: number;
  tokens: number;
};

type LineRow = Omit<BillLine, 'executions' | 'durationMs' | 'tokens'> &
  Record<'executions' | 'durationMs' | 'tokens', string>;

/** VMs whose lines are read at once. */
const vmsAtOnce = 200;

/** A month's bills by day, with the provider's own customer numbers. Names are those of today; the numbers of a closed month hold. */
export async function* billLines(
  { pool }: CoreDatabase,
  person: Person,
  month: string,
): AsyncGenerator<BillLine> {
  let last = nobody;
  for (;;) {
    const { rows: vms } = await pool.query<{ id: string }>(
      'SELECT id FROM vms WHERE id > $1 ORDER BY id LIMIT $2',
      [last, vmsAtOnce],
    );
    const ids = vms.map(({ id }) => id);
    const { rows } = await pool.query<LineRow>(
      `SELECT to_char(month, 'YYYY-MM') AS month, to_char(day, 'YYYY-MM-DD') AS "dayUtc",
         coalesce(u.customer_number, '') AS "customerNumber", coalesce(u.login, '') AS login, vm_id AS "vmId",
         v.label AS "vmLabel", kind, sum(executions) AS executions, sum(duration_ms) AS "durationMs", sum(tokens) AS tokens
       FROM (${lines}) AS line JOIN vms v ON v.id = line.vm_id LEFT JOIN users u ON u.id = billed_to
       WHERE kind <> 'early' AND vm_id = ANY($4::uuid[])
       GROUP BY month, day, u.customer_number, u.login, vm_id, v.label, kind ORDER BY vm_id, day, u.login, kind`,
      [month, nextMonth(month), person.userId, ids],
    );
    for (const row of rows) {
      const { executions, durationMs, tokens } = row;
      yield {
        ...row,
        executions: Number(executions),
        durationMs: Number(durationMs),
        tokens: Number(tokens),
      };
    }
    last = ids.at(-1) ?? last;
    if (ids.length < vmsAtOnce) return;
  }
}
