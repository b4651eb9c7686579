import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { insertExecution, insertFinishedExecution, insertToolCall } from '../../tests/helpers/rows.ts';
import { statsSchema as wholeSchema } from '../contract/stats.ts';
import { readStats } from './read-stats.ts';

const statsSchema = wholeSchema.omit({ spentUsd: true });
const hour = 3_600_000;
const day = 24 * hour;
/** A zone in which it is about noon now, so that no midnight passes while this runs; in POSIX, east is minus. */
const ahead = 12 - new Date().getUTCHours();
const timezone = `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
const midnight = Math.floor((Date.now() + ahead * hour) / day) * day - ahead * hour;
const dayOf = (ago: number) => ({
  day: new Date(midnight - ago * day + ahead * hour).toISOString().slice(0, 10),
  begin: new Date(midnight - ago * day).toISOString(),
});

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  const at = (time: number) => ({ createdAt: new Date(time), model: 'claude-sonnet-5-5' });
  const newer = await insertFinishedExecution(db, {
    ...at(midnight + 1000),
    skillSlug: 'brief',
    costUsd: '0.25',
    tokenCount: 1000,
    durationMs: 4000,
  });
  const older = await insertFinishedExecution(db, {
    ...at(midnight - 1000),
    skillSlug: 'brief',
    costUsd: '0.5',
    tokenCount: 20,
    durationMs: 1000,
  });
  await insertFinishedExecution(db, {
    ...at(midnight - 1000),
    skillSlug: 'post',
    status: 'failed',
    errorCode: 'E_MODEL_FAILED',
    error: 'No',
    output: null,
    costUsd: null,
    tokenCount: 3,
    durationMs: 2000,
    model: null,
  });
  await insertFinishedExecution(db, { ...at(midnight - 2 * day - 1000), skillSlug: 'brief', costUsd: '9' });
  await insertExecution(db, { ...at(midnight + 2000), skillSlug: 'post', status: 'queued', costUsd: null });
  await insertFinishedExecution(db, { ...at(midnight - 400 * day), skillSlug: 'brief', costUsd: '3' });
  // However often it was called.
  for (const [executionId, connection] of [
    [newer.id, 'mail'],
    [newer.id, 'mail'],
    [newer.id, 'files'],
    [older.id, 'mail'],
  ] as const)
    await insertToolCall(db, { executionId, connection, createdAt: new Date(midnight - 500) });
});
afterAll(() => db.drop());

it("counts in days of the owner's zone, also those without any, and by skill, model and connection", async () => {
  const stats = statsSchema.parse(await readStats(db, { days: 3, timezone }));
  expect(stats).toEqual({
    timezone,
    until: dayOf(-1).begin,
    totals: { executions: 4, failed: 1, costUsd: 0.75, tokens: 1023, medianMs: 2000 },
    days: [
      { ...dayOf(2), executions: 0, failed: 0, costUsd: 0, tokens: 0, medianMs: null },
      { ...dayOf(1), executions: 2, failed: 1, costUsd: 0.5, tokens: 23, medianMs: 1500 },
      { ...dayOf(0), executions: 2, failed: 0, costUsd: 0.25, tokens: 1000, medianMs: 4000 },
    ],
    skills: [
      { skill: 'brief', executions: 2, failed: 0, costUsd: 0.75, tokens: 1020 },
      { skill: 'post', executions: 2, failed: 1, costUsd: 0, tokens: 3 },
    ],
    models: [
      { model: 'claude-sonnet-5-5', executions: 3, failed: 0, costUsd: 0.75, tokens: 1020 },
      { model: null, executions: 1, failed: 1, costUsd: 0, tokens: 3 },
    ],
    connections: [
      { connection: 'mail', executions: 2, failed: 0, costUsd: 0.75, tokens: 1020 },
      { connection: 'files', executions: 1, failed: 0, costUsd: 0.25, tokens: 1000 },
    ],
  });
});

it('counts a month that is over alone, of one that goes on the days up to today, and none of one to come', async () => {
  const month = (ago: number) => dayOf(ago).day.slice(0, 7);
  const past = statsSchema.parse(await readStats(db, { days: 30, month: month(400), timezone }));
  expect(past.days.map(({ day }) => day.slice(0, 7))).toEqual(past.days.map(() => month(400)));
  expect(past).toMatchObject({ totals: { executions: 1, costUsd: 3 } });
  const present = statsSchema.parse(await readStats(db, { days: 30, month: month(0), timezone }));
  expect(present.days.at(-1)?.day).toBe(dayOf(0).day);
  expect(present.days[0]?.day).toBe(`${month(0)}-01`);
  const coming = await readStats(db, { days: 30, month: '2099-01', timezone });
  expect(coming).toMatchObject({ days: [], totals: { executions: 0 } });
});

it('knows nothing of what was never run', async () => {
  const empty = await createTestDatabase();
  try {
    expect(await readStats(empty, { days: 1, timezone: 'Europe/Berlin' })).toMatchObject({
      totals: { executions: 0, failed: 0, costUsd: 0, tokens: 0, medianMs: null },
      days: [{ executions: 0 }],
      skills: [],
      models: [],
      connections: [],
    });
  } finally {
    await empty.drop();
  }
});
