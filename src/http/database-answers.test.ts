import { expect, it } from 'vitest';
import { databaseAnswers } from './database-answers.ts';

it('says so when a database that hangs gives no answer in time, and asks it once', async () => {
  let asked = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const query = async () => {
    asked += 1;
    await promise;
  };
  const answers = databaseAnswers({ query }, 20);
  for (let at = 0; at < 3; at += 1) await expect(answers()).rejects.toMatchObject({ code: 'E_NOT_READY' });
  expect(asked).toBe(1);
  resolve();
  await promise;
  await expect(answers()).resolves.toBeUndefined();
  await answers();
  expect(asked).toBeGreaterThan(1);
});

it('says why it refuses', async () => {
  const answers = databaseAnswers({ query: () => Promise.reject(new Error('too many clients')) });
  await expect(answers()).rejects.toMatchObject({
    code: 'E_NOT_READY',
    message: expect.stringContaining('too many clients'),
  });
});
