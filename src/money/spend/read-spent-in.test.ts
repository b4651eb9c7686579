import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/helpers/database.ts';
import { readSpentIn } from './read-spent-in.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query(
    `INSERT INTO spend_totals (scope, bucket, usd) VALUES
       ('vm', '2026-09-30 23:45Z', 9), ('vm', '2026-10-01 00:00Z', 0.5), ('vm', '2026-10-31 23:45Z', 0.25),
       ('skill:1', '2026-10-02 00:00Z', 7), ('vm', '2026-11-01 00:00Z', 9)`,
  );
});
afterAll(() => db.drop());

const october = { from: new Date('2026-10-01T00:00:00Z'), until: new Date('2026-11-01T00:00:00Z') };

it('counts what the VM spent from the first moment of a span to its last', async () => {
  expect(await readSpentIn(db, october, new Date('2026-11-30T12:00:00Z'))).toBe(0.75);
});

it('knows nothing of what is kept no more, rather than a part of it', async () => {
  expect(await readSpentIn(db, october, new Date('2026-12-11T00:00:00Z'))).toBeNull();
});
