import type { Transaction } from '../database/client.ts';
import { type GuardedTable, guardedRows } from './guarded-rows.ts';
import type { RowGuard, Signed } from './row-guard.ts';

/** How the database has a column of a primary key. */
const keyColumns: Record<string, string> = {
  id: 'id uuid',
  skillId: 'skill_id uuid',
  version: 'version int',
  executionId: 'execution_id uuid',
  stepId: 'step_id int',
};

/** Signs rows as they were read, unless somebody wrote them since. @returns how many were signed */
export async function writeMacs<Table extends Exclude<GuardedTable, 'config'>>(
  tx: Transaction,
  guard: RowGuard,
  table: Table,
  rows: readonly Signed<Table>[],
): Promise<number> {
  const columns = guardedRows[table].id.map((name) => keyColumns[name] ?? name);
  const names = columns.map((column) => column.split(' ')[0] ?? column);
  const macs = rows.map((row) => {
    const values = new Map<string, unknown>(Object.entries(row));
    const key = guardedRows[table].id.map((name, at) => [names[at], values.get(name)]);
    return {
      ...Object.fromEntries(key),
      mac: Buffer.from(guard.sign(table, row)).toString('hex'),
      former: row.mac === null ? null : Buffer.from(row.mac).toString('hex'),
    };
  });
  // Bare SQL: the client's own update would count as a change (an ETag), and be one statement for each row.
  return await tx.$executeRawUnsafe(
    `UPDATE "${table}" SET mac = decode(signed.mac, 'hex')
     FROM json_to_recordset($1::text::json) AS signed (${[...columns, 'mac text', 'former text'].join(', ')})
     WHERE ${names.map((name) => `"${table}".${name} = signed.${name}`).join(' AND ')}
       AND "${table}".mac IS NOT DISTINCT FROM decode(signed.former, 'hex')`,
    JSON.stringify(macs),
  );
}
