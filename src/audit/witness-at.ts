/** The record outside the database as it was at one state of the database, and the files that say so. */
import type pg from 'pg';
import { isAt } from './catch-up-witness.ts';
import type { SignedStatement } from './statement.ts';
import { readWitness } from './witness.ts';

export type WitnessAt = { lines: SignedStatement[]; head: SignedStatement | undefined };

/**
 * What the files said of the state that `client` sees: statements of the events that it has, and its head.
 *
 * @returns undefined while the files are not about this state: a moment before, or after it
 */
export async function readWitnessAt(home: string, client: pg.ClientBase): Promise<WitnessAt | undefined> {
  const { rows } = await client.query<{ seq: string; chain: string }>(
    "SELECT seq, encode(chain, 'hex') AS chain FROM audit_head",
  );
  const at = { seq: Number(rows[0]?.seq ?? 0), chain: rows[0]?.chain ?? '' };
  const { rows: last } = await client.query<{ number: number }>(
    'SELECT coalesce(max(number), 0)::int AS number FROM audit_checkpoints',
  );
  const { lines, head, next, exists } = await readWitness(home);
  const number = last[0]?.number ?? 0;
  const known = lines.filter(({ statement }) => statement.number <= number);
  const fitting = [head, next].find((each) => each !== undefined && isAt(each, at));
  const isWhole = fitting !== undefined && (known.at(-1)?.statement.number ?? 0) === number;
  return isWhole || !exists ? { lines: known, head: fitting } : undefined;
}

/** The files as `readWitness` reads them, by their names in the home. */
export const witnessFiles = ({ lines, head }: WitnessAt): Record<string, string> => ({
  'audit/checkpoints.jsonl': lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  ...(head === undefined ? {} : { 'audit/head.json': `${JSON.stringify(head)}\n` }),
});
