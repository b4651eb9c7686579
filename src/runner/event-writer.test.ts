import { expect, it } from 'vitest';
import type { Database } from '../database/client.ts';
import type { Vault } from '../vault/vault.ts';
import { EventWriter } from './event-writer.ts';

const workerId = 'a worker';
const vault = { redactor: { size: 0, value: (value: unknown) => value }, upToDate: async () => {} };

/** A database that takes whatever it is given; `written` by the statements that brought it. */
function writtenBy(): { writer: EventWriter; written: string[][] } {
  const written: string[][] = [];
  const query = async ({ values }: { values: unknown[] }) => {
    const rows = JSON.parse(String(values[3])) as { data: { text: string } }[];
    written.push(rows.map((row) => row.data.text));
    return { rows };
  };
  const db = { pool: { query } };
  const deps = { db: db as unknown as Database, vault: vault as unknown as Vault };
  return { writer: new EventWriter(deps, 'an execution', workerId), written };
}

it('leaves nothing unwritten, at whichever moment it comes', async () => {
  for (let moments = 0; moments < 60; moments++) {
    const { writer, written } = writtenBy();
    const say = (text: string) => writer.push({ kind: 'delta', data: { text } });
    say('first');
    for (let moment = 0; moment < moments; moment++) await undefined;
    say(' and last');
    await writer.drain();
    expect(written.flat().join(''), `after ${moments} moments`).toBe('first and last');
  }
});

it('writes a note with what comes behind it, or by itself', async () => {
  const { writer, written } = writtenBy();
  const note = (text: string) => writer.note({ kind: 'message', data: { text } });
  note('one');
  await new Promise((resolve) => setImmediate(resolve));
  note('two');
  writer.push({ kind: 'delta', data: { text: 'three' } });
  await writer.drain();
  expect(written).toEqual([['one', 'two', 'three']]);
  note('four');
  await expect.poll(() => written.at(-1)).toEqual(['four']);
  note('five');
  await writer.drain();
  expect(written).toEqual([['one', 'two', 'three'], ['four'], ['five']]);
});
