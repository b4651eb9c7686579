/** When a checkpoint is due, and what a batch leaves behind outside the database. */

import type pg from 'pg';
import { millisNow, timeNow } from '../kernel/clock.ts';
import type { Vault } from '../vault/vault.ts';
import type { Appended, Head } from './append-events.ts';
import { insertCheckpoint, readLastCheckpoint } from './checkpoints.ts';
import type { SigningKey } from './signing-key.ts';
import {
  hashOfStatement,
  type SignedStatement,
  type Statement,
  signStatement,
  signSuccession,
} from './statement.ts';

/** A checkpoint every so many events, or so many milliseconds after the last when there are new ones. */
const checkpointEvents = 1000;
export const checkpointMs = 3_600_000;

export type SealDeps = {
  vault: Pick<Vault, 'vaultId'>;
  key: SigningKey;
  /** Events between two checkpoints; 1,000 when left out. */
  every?: number | undefined;
  /** Milliseconds after which a checkpoint is too old; an hour when left out. */
  everyMs?: number | undefined;
};

/** What every statement says of the head that it is about, and of the statement before it. */
const statedOf = (
  { vaultId }: Pick<Vault, 'vaultId'>,
  { seq, chain, epoch }: Head,
  last: Statement | undefined,
  number: number,
) => ({
  vmId: vaultId,
  number,
  epoch,
  seq,
  head: chain.toString('hex'),
  time: timeNow().toISOString(),
  previous: last ? hashOfStatement(last) : null,
});

const numberBehind = (last: Statement | undefined): number => (last?.number ?? 0) + 1;

/** The next statement of the chain's own record. */
export const nextStatement = (
  { vault, key }: SealDeps,
  kind: 'checkpoint' | 'restored',
  head: Head,
  last: Statement | undefined,
): SignedStatement => signStatement(key, { kind, ...statedOf(vault, head, last, numberBehind(last)) });

/** The statement by which one key hands over to another: both sign it. */
export const successionStatement = (
  { vault, from, to }: { vault: Pick<Vault, 'vaultId'>; from: SigningKey; to: SigningKey },
  head: Head,
  last: Statement | undefined,
): SignedStatement => signSuccession({ from, to }, statedOf(vault, head, last, numberBehind(last)));

/** The head as it stands outside the database. It takes no number of its own. */
export const headStatement = (
  { vault, key }: SealDeps,
  head: Head,
  last: Statement | undefined,
): SignedStatement => signStatement(key, { kind: 'head', ...statedOf(vault, head, last, last?.number ?? 0) });

/**
 * Writes a checkpoint within the appending transaction, if one is due.
 *
 * @returns the last one, and this one if there is a new one
 */
export async function checkpointIfDue(
  deps: SealDeps,
  client: pg.ClientBase,
  { after }: Appended,
): Promise<{ last: Statement | undefined; made: SignedStatement | undefined }> {
  const of = { vaultId: deps.vault.vaultId, publicKey: deps.key.publicKey };
  const last = await readLastCheckpoint(client, of);
  const behind = after.seq - (last?.seq ?? 0);
  const every = deps.everyMs ?? checkpointMs;
  const age = last === undefined ? 0 : millisNow() - Date.parse(last.time);
  // One that is from a time to come was made before the clock was put back.
  const isOld = last !== undefined && (age >= every || age < -every);
  const isFirst = last === undefined && after.seq > 0;
  if (behind <= 0 || !(isFirst || isOld || behind >= (deps.every ?? checkpointEvents)))
    return { last, made: undefined };
  const made = nextStatement(deps, 'checkpoint', after, last);
  await insertCheckpoint(client, made);
  return { last: made.statement, made };
}
