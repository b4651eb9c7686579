/** The first page of the list, search, statistics and approvals over more and more executions, beside their statements. */
import { openDatabase } from '../../src/database/client.ts';
import { beforeAll } from '../../src/executions/execution-cursor.ts';
import { findPage } from '../../src/executions/find-page.ts';
import { startTestVm, type TestVm } from '../../tests/helpers/vm.ts';
import { databaseUrlOf } from '../../tests/soak/watch-claims.ts';
import { seedExecutions } from '../seed-executions.ts';
import { inTurns, type Row } from './timed.ts';

const rounds = 15;

/** One in a hundred runs asked; the latest of them wait. */
const approvalsSql = `
  INSERT INTO approvals (id, execution_id, step_id, tool_use_id, connection, tool, arguments, arguments_hash, status, decided_by,
    decided_at, created_at, expires_at)
  SELECT id, id, 1, 'toolu_' || n, 'shop', 'refund', '{"order":' || n || ',"amount":20}', sha256('arguments'),
    (CASE WHEN n <= 20 THEN 'pending' WHEN n % 9 = 0 THEN 'denied' ELSE 'approved' END)::approval_status,
    CASE WHEN n > 20 THEN 'owner' END, CASE WHEN n > 20 THEN created_at END, created_at, created_at + interval '100 years'
  FROM (SELECT id, created_at, row_number() OVER (ORDER BY created_at DESC) AS n FROM executions) AS run
  WHERE n <= 20 OR n % 100 = 0`;

/** The largest of the five that statistics are made of. */
const statisticsSql = `
  SELECT date_trunc('day', created_at) AS day, count(*), count(*) FILTER (WHERE status = 'failed'), sum(cost_usd), sum(token_count),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms)
  FROM executions WHERE created_at >= now() - interval '30 days' GROUP BY 1`;

const pendingSql = `
  SELECT a.*, e.skill_slug, e.mode FROM approvals a JOIN executions e ON e.id = a.execution_id
  WHERE a.status = 'pending' ORDER BY a.id DESC LIMIT 51`;

/** @throws Error when the VM refuses */
async function read({ url, token }: TestVm, route: string): Promise<void> {
  const response = await fetch(new URL(route, url), { headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${route}: ${response.status} ${text}`);
}

export async function measureExecutions(count: number): Promise<Row[]> {
  const vm = await startTestVm({ env: { ALFRED_MODEL: 'rehearsal' } });
  const db = await openDatabase(databaseUrlOf(vm.home));
  const page = (filter: Parameters<typeof findPage>[1]) => () =>
    findPage({ db }, filter, { before: beforeAll, limit: 51 });
  try {
    await seedExecutions(db, count, () => {});
    await db.pool.query(approvalsSql);
    await db.pool.query('VACUUM ANALYZE approvals');
    const kinds: readonly [what: string, route: string, bare: () => Promise<unknown>][] = [
      ['first page of the list', '/api/v1/executions?limit=50', page({})],
      ['search, a word in 1 %', '/api/v1/executions?q=walrus', page({ q: 'walrus' })],
      ['statistics of 30 days', '/api/v1/stats?days=30', () => db.pool.query(statisticsSql)],
      ['approvals that wait', '/api/v1/approvals?status=pending', () => db.pool.query(pendingSql)],
    ];
    const rows: Row[] = [];
    for (const [what, route, bare] of kinds) {
      const times = await inTurns(rounds, () => read(vm, route), bare);
      rows.push({ things: 'executions', count, what, unit: 'ms', ...times });
    }
    return rows;
  } finally {
    await db.close();
    await vm.stop();
  }
}
