import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { newId } from '../kernel/ids.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

describe('transaction', () => {
  test('takes everything back when the work throws', async () => {
    const work = db.transaction(async (tx) => {
      await tx.config.create({ data: { key: 'timezone', value: 'plain:Europe/Berlin' } });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await db.prisma.config.count()).toBe(0);
  });

  test('is tried again when PostgreSQL ends it for a serialization failure', async () => {
    const id = newId();
    await db.prisma.skill.create({ data: { id, slug: 'counted', name: 'Counted', steps: [] } });
    const increment = () =>
      db.transaction(
        async (tx) => {
          const { runCount } = await tx.skill.findUniqueOrThrow({ where: { id } });
          await tx.skill.update({ where: { id }, data: { runCount: runCount + 1 } });
        },
        { isolation: 'Serializable' },
      );
    await Promise.all([increment(), increment(), increment()]);
    expect((await db.prisma.skill.findUniqueOrThrow({ where: { id } })).runCount).toBe(3);
  });
});
