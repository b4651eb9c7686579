/** What an operation says that it puts on record, something does. That nothing else is recorded, its type holds (AuditAction). */
import { expect, it } from 'vitest';
import type { Admission } from '../src/contract/operation.ts';
import { operations } from '../src/contract/operations.ts';
import { isTest, read, sources } from './helpers/documents.ts';

it('records each act that an operation names', () => {
  const named = Object.values<Admission>(operations).flatMap(({ records = [] }) => records);
  const files = sources.filter((file) => /^src\/(?!contract\/)/.test(file) && !isTest(file));
  const written = new Set(files.flatMap((file) => read(file).match(/(?<=')[a-z_]+\.[a-z_]+(?=')/g) ?? []));
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((act) => !written.has(act))).toEqual([]);
});
