import type { ExecutionQuery, ExecutionSummary } from '../contract/executions.ts';
import { type Database, Prisma } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { presentSummary, type SummaryRow } from './present-execution.ts';

/**
 * A page of executions, newest first. Raw SQL with a row comparison, as Prisma's cursor reads the whole table
 * (measured: 0.45 ms against 251 ms on a million rows).
 *
 * @throws AlfredError E_VALIDATION for a cursor that no page gave
 */
export async function listExecutions(
  { db }: { db: Database },
  query: ExecutionQuery,
): Promise<{ items: ExecutionSummary[]; nextCursor: string | null }> {
  const conditions = [
    query.status && Prisma.sql`status = ${query.status}::execution_status`,
    query.skill && Prisma.sql`skill_slug = ${query.skill}`,
    query.trigger && Prisma.sql`"trigger" = ${query.trigger}::trigger_type`,
    query.mode && Prisma.sql`mode = ${query.mode}::execution_mode`,
    query.from && Prisma.sql`created_at >= ${query.from}::timestamptz`,
    query.to && Prisma.sql`created_at < ${query.to}::timestamptz`,
    query.cursor && after(query.cursor),
  ].filter((condition) => condition instanceof Prisma.Sql);
  const where = conditions.length > 0 ? Prisma.sql`WHERE ${Prisma.join(conditions, ' AND ')}` : Prisma.empty;
  const rows = await db.prisma.$queryRaw<{ id: string }[]>`
    SELECT id FROM executions ${where} ORDER BY created_at DESC, id DESC LIMIT ${query.limit + 1}`;

  const ids = rows.slice(0, query.limit).map(({ id }) => id);
  const found: SummaryRow[] = await db.prisma.execution.findMany({
    where: { id: { in: ids } },
    omit: { input: true, output: true, trace: true },
  });
  const byId = new Map(found.map((row) => [row.id, row]));
  const page = ids.flatMap((id) => byId.get(id) ?? []);
  const last = page.at(-1);
  return {
    items: page.map(presentSummary),
    nextCursor: rows.length > query.limit && last ? cursorOf(last) : null,
  };
}

const cursorOf = ({ createdAt, id }: SummaryRow): string =>
  Buffer.from(`${createdAt.toISOString()} ${id}`).toString('base64url');

function after(cursor: string): Prisma.Sql {
  const [, time, id] =
    /^(\S{24}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(
      Buffer.from(cursor, 'base64url').toString(),
    ) ?? [];
  if (time === undefined || id === undefined || !isTime(time)) {
    throw new AlfredError('E_VALIDATION', 'This cursor is none that a page gave.', {
      remedy: 'Leave it out to begin with the newest, then use nextCursor as it is.',
      fields: [{ field: '/cursor', message: 'is none that a page gave' }],
    });
  }
  return Prisma.sql`(created_at, id) < (${time}::timestamptz, ${id}::uuid)`;
}

/** A time exactly as `cursorOf` writes it: PostgreSQL would fail on any other. */
function isTime(text: string): boolean {
  const time = new Date(text);
  return !Number.isNaN(time.getTime()) && time.toISOString() === text;
}
