/** What one VM reported, by day or by month. */
import type { VmHistory } from '../../src/contract/fleet.ts';
import type { Person } from '../access/people.ts';
import type { CoreDatabase } from '../database.ts';
import { noSuchVm } from '../registry/no-such-vm.ts';

type Row = { start: string; executions: string; durationMs: string; tokens: string };

/**
 * Its last days or months, the oldest first. A person is told of what is billed to them, the provider of all.
 *
 * @throws AlfredError E_NOT_FOUND, also for another's VM
 */
export async function readHistory(
  { pool, prisma }: CoreDatabase,
  { userId }: Person,
  vmId: string,
  { unit, last }: { unit: 'day' | 'month'; last: number },
): Promise<VmHistory> {
  const vm = await prisma.vm.findUnique({ where: { id: vmId }, select: { ownerId: true } });
  if (!vm || (userId !== null && vm.ownerId !== userId)) throw noSuchVm();
  const { rows } = await pool.query<Row>(
    `WITH reported AS (
       SELECT day, executions, duration_ms, tokens FROM daily_totals
       WHERE vm_id = $1 AND ($4::uuid IS NULL OR billed_to = $4::uuid)
       UNION ALL
       SELECT day, executions, duration_ms, tokens FROM entries
       WHERE vm_id = $1 AND kind <> 'correction' AND ($4::uuid IS NULL OR billed_to = $4::uuid)
     )
     SELECT to_char(start, 'YYYY-MM-DD') AS start, coalesce(sum(executions), 0) AS executions,
       coalesce(sum(duration_ms), 0) AS "durationMs", coalesce(sum(tokens), 0) AS tokens
     FROM generate_series(
       date_trunc($2, now() AT TIME ZONE 'UTC') - ($3::int - 1) * ('1 ' || $2)::interval,
       date_trunc($2, now() AT TIME ZONE 'UTC'), ('1 ' || $2)::interval) AS start
     LEFT JOIN reported ON day >= start AND day < start + ('1 ' || $2)::interval
     GROUP BY start ORDER BY start`,
    [vmId, unit, last, userId],
  );
  return {
    items: rows.map(({ start, executions, durationMs, tokens }) => ({
      start,
      executions: Number(executions),
      durationMs: Number(durationMs),
      tokens: Number(tokens),
    })),
  };
}
