import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { newId } from '../kernel/ids.ts';
import { violatedConstraint } from './violations.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

async function errorOf(work: () => PromiseLike<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('This should have been refused');
}

const skill = () => ({ id: newId(), slug: 'teach', name: 'Teach', steps: [], isSystem: true });

describe('violatedConstraint', () => {
  test('names a check, a trigger and a unique index, through Prisma, its raw queries and pg', async () => {
    const data = { key: 'anthropic_api_key', value: 'plain:canary-1f9c03aa' };
    await db.prisma.skill.create({ data: skill() });
    const refusals = [
      () => db.prisma.config.create({ data }),
      () => db.prisma.$executeRaw`INSERT INTO config VALUES (${data.key}, ${data.value})`,
      () => db.pool.query('INSERT INTO config VALUES ($1, $2)', [data.key, data.value]),
      () => db.prisma.skill.deleteMany(),
      () => db.prisma.$executeRaw`DELETE FROM skills`,
      () => db.pool.query('DELETE FROM skills'),
      () => db.prisma.skill.create({ data: skill() }),
    ];
    const names = [];
    for (const refusal of refusals) names.push(violatedConstraint(await errorOf(refusal)));
    expect(names).toEqual([
      ...Array(3).fill('config_secrets_sealed'),
      ...Array(3).fill('skills_system_stays'),
      'skills_slug_key',
    ]);
  });

  test('says nothing of other errors', async () => {
    expect(violatedConstraint(await errorOf(() => db.pool.query('SELECT nonsense')))).toBeUndefined();
    expect(violatedConstraint(new Error('x'))).toBeUndefined();
    expect(violatedConstraint(undefined)).toBeUndefined();
  });
});

test('an error does not carry the row that was refused', async () => {
  const value = 'plain:canary-1f9c03aa';
  const refusals = [
    () => db.prisma.config.create({ data: { key: 'github_token', value } }),
    () => db.prisma.$executeRaw`INSERT INTO config VALUES ('github_token', ${value})`,
    () => db.pool.query("INSERT INTO config VALUES ('github_token', $1)", [value]),
  ];
  for (const refusal of refusals) {
    const error = await errorOf(refusal);
    const everything =
      JSON.stringify(error, Object.getOwnPropertyNames(error)) + JSON.stringify(error) + String(error);
    expect(everything).toContain('config_secrets_sealed');
    expect(everything).not.toContain('canary');
  }
});
