/** Pages of a long history, held against what the table says: long stretches that are full are looked through by parts. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seedExecutions } from '../../bench/seed-executions.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { executionQuerySchema } from '../contract/executions.ts';
import { listExecutions } from './list-executions.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  // Some 500 a month: what half of them have is, in a quarter, more than is sorted at once.
  await seedExecutions(db, 6_000, () => {});
  // And a year more of them before.
  await db.pool.query(`
    CREATE TEMP TABLE older AS SELECT * FROM executions;
    UPDATE older SET id = gen_random_uuid(), created_at = created_at - interval '400 days';
    INSERT INTO executions SELECT * FROM older`);
});
afterAll(() => db.drop());

async function all(query: Record<string, string>): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = executionQuerySchema.parse({ ...query, limit: 200, ...(cursor ? { cursor } : {}) });
    const { items, nextCursor } = await listExecutions({ db }, page);
    ids.push(...items.map(({ id }) => id));
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

it.each<[Record<string, string>, string]>([
  [{ skill: 'retired' }, `skill_slug = 'retired'`],
  [{ skill: 'skill-7', status: 'failed' }, `skill_slug = 'skill-7' AND status = 'failed'`],
  [{ trigger: 'webhook' }, `trigger = 'webhook'`],
  [{ trigger: 'chat', mode: 'rehearsal' }, `trigger = 'chat' AND mode = 'rehearsal'`],
  [{ q: 'report' }, `output LIKE '%report%'`],
  [{ q: 'report', skill: 'skill-7' }, `skill_slug = 'skill-7' AND output LIKE '%report%'`],
  [
    { q: 'report', skill: 'skill-6', status: 'failed' },
    `skill_slug = 'skill-6' AND status = 'failed' AND output LIKE '%report%'`,
  ],
  [{ q: 'walrus' }, `output LIKE '%walrus%'`],
  [{ minCostUsd: '0.1' }, 'cost_usd >= 0.1'],
])('%j finds what is there, in order, once', async (query, condition) => {
  const { rows } = await db.pool.query<{ id: string }>(
    `SELECT id FROM executions WHERE ${condition} ORDER BY created_at DESC, id DESC`,
  );
  const found = await all(query);
  expect(found).toEqual(rows.map(({ id }) => id));
});
