import type { Finding } from '../../contract/doctor.ts';
import type { Database } from '../../database/client.ts';
import type { VmState } from '../metrics/read-state.ts';
import { count } from './words.ts';

/** For so long a move is worth a word. */
const recent = '7 days';

/** Whether this VM may be there twice: two on one database, or a home that was copied, whose other VM may go on. */
export async function checkCopies(
  id: string,
  { pool }: Pick<Database, 'pool'>,
  { workers }: VmState,
): Promise<Finding> {
  const vms = workers.find(({ kind }) => kind === 'vm')?.count ?? 0;
  if (vms > 1) {
    return {
      id,
      state: 'bad',
      message: `${count(vms, 'VM')} work on this database: each fires every schedule and chains every act`,
      remedy: 'stop all but one; for more runs at once start workers: npx alfred worker',
    };
  }
  const { rows } = await pool.query<{ at: Date; data: { from?: unknown } | null }>(
    `SELECT at, data FROM (SELECT at, data FROM audit_events WHERE action = 'vm.moved'
       UNION ALL SELECT at, data FROM audit_inbox WHERE action = 'vm.moved') AS moves
     WHERE at > now() - $1::interval ORDER BY at DESC LIMIT 1`,
    [recent],
  );
  const [move] = rows;
  if (!move) return { id, state: 'good', message: 'this VM is there once, as far as can be seen' };
  return {
    id,
    state: 'warn',
    message: `its home was moved or copied from ${String(move.data?.from ?? 'elsewhere')} (${move.at.toISOString()})`,
    remedy:
      'see that no VM runs on the other one: both would fire schedules, and report to Core under one id',
  };
}
