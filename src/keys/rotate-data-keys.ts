/**
 * New data keys and a new key of the rows' MACs, while everything goes on. Each step is whole by itself and may be done again,
 * so that a kill at any point leaves a VM that opens all of its values, and goes on from where it was:
 *
 *   1. the new keys come into the keyring beside the old; every process takes them, so that it opens what others seal
 *   2. the new keys seal and sign; every process says that it does so
 *   3. the database refuses what is sealed under an old key; transactions that began before are over
 *   4. what is sealed and signed is so anew, until nothing is found any more
 *   5. the old keys leave the keyring
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { recordAudit, systemActor } from '../audit/record-audit.ts';
import type { Database } from '../database/client.ts';
import { phaseOf, withNewKeys, withNewKeysInUse, withoutFormerKeys } from '../vault/changed-keys.ts';
import { rowNames } from '../vault/config-rows.ts';
import { formerBeginnings } from '../vault/reseal.ts';
import { beginningUnder } from '../vault/seal.ts';
import { sealedColumns } from '../vault/sealed-places.ts';
import { waitForHolders } from './holders.ts';
import { type KeyDeps, withKeyring } from './keyring-at-hand.ts';
import { resealValues } from './reseal-values.ts';
import { countSignedRows, resignRows } from './resign-rows.ts';
import type { RotationWork } from './rotation-work.ts';

/**
 * Goes on with a change of the data keys, or begins one.
 *
 * @param options.begins false: where none is under way, nothing is done
 * @throws AlfredError E_KEY_IN_USE naming processes that do not take the new keys; given again, it goes on
 */
export async function rotateDataKeys(
  deps: KeyDeps,
  work: RotationWork,
  { begins, actor }: { begins: boolean; actor: string },
): Promise<void> {
  const { db, vault } = deps;
  const isUnderWay = await withKeyring(deps, async ({ rows, keyring, tx, put, seal, rootKey }) => {
    // It waits for its owner, and new data keys come behind it.
    if (rows.has(rowNames.nextKeyring)) return false;
    if (phaseOf(keyring) !== 'settled') return true;
    if (!begins) return false;
    await put(rowNames.keyring, seal(withNewKeys(keyring), rootKey.key));
    await recordAudit(tx, { action: 'key.rotation_begun', actor, subject: 'data' });
    return true;
  });
  if (!isUnderWay) return;
  await everybodyHolds(deps, work);
  await withKeyring(deps, async ({ keyring, put, seal, rootKey }) => {
    if (phaseOf(keyring) !== 'added') return;
    await put(rowNames.keyring, seal(withNewKeysInUse(keyring), rootKey.key));
  });
  await everybodyHolds(deps, work);
  await fence(db, beginningUnder(vault.activeKeyId));
  await olderTransactionsEnd(db, work.signal);
  const values = await sweep(deps, work);
  work.tell({ stage: 'finishing' });
  await withKeyring(deps, async ({ keyring, tx, put, seal, rootKey }) => {
    const settled = withoutFormerKeys(keyring);
    await put(rowNames.keyring, seal(settled, rootKey.key));
    const data = { to: settled.active.id, values };
    await recordAudit(tx, { action: 'key.rotated', actor: systemActor, subject: 'data', data });
  });
  await forgetFormerRows(deps);
}

async function everybodyHolds({ db, vault }: KeyDeps, work: RotationWork): Promise<void> {
  work.tell({ stage: 'waiting' });
  const { signal, patienceMs } = work;
  await waitForHolders(
    { db, signal, patienceMs, onWait: (waitingFor) => work.tell({ waitingFor }) },
    ({ keys }) => keys !== null && keys >= vault.keys,
  );
}

/** @param begins how every value begins that is sealed from now on */
async function fence({ pool }: Database, begins: string): Promise<void> {
  await pool.query(
    `INSERT INTO key_fence (begins) VALUES ($1) ON CONFLICT (singleton) DO UPDATE SET begins = excluded.begins`,
    [begins],
  );
}

const lookEveryMs = 20;

/** Waits for every transaction that may have sealed or signed with an old key before it was told, and is not committed. */
async function olderTransactionsEnd({ pool }: Database, signal: AbortSignal): Promise<void> {
  const { rows } = await pool.query<{ now: string }>('SELECT pg_current_xact_id()::text AS now');
  for (;;) {
    const { rows: found } = await pool.query<{ over: boolean }>(
      `SELECT pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8 AS over`,
      [rows[0]?.now],
    );
    if (found[0]?.over === true) return;
    signal.throwIfAborted();
    await sleep(lookEveryMs);
  }
}

/** Again until nothing is found. @returns how many values were sealed anew */
async function sweep(deps: KeyDeps, work: RotationWork): Promise<number> {
  const { db, vault } = deps;
  let total = 0;
  for (let isFirst = true; ; isFirst = false) {
    const toReseal = isFirst ? await countValues(db, formerBeginnings(vault)) : 0;
    const toLookAt = isFirst ? await countSignedRows(deps) : 0;
    let done = 0;
    if (isFirst) work.tell({ stage: 'sealing', done, total: toReseal + toLookAt });
    const onBatch = (changed: number) => {
      done += changed;
      if (isFirst) work.tell({ done: Math.min(done, toReseal + toLookAt) });
    };
    const { signal, batchRows } = work;
    const values = await resealValues(deps, { signal, batchRows, onBatch });
    const rows = await resignRows(deps, { signal, batchRows, onBatch });
    total += values;
    if (values + rows === 0) return total;
  }
}

async function countValues({ pool }: Database, beginnings: readonly string[]): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(
    `SELECT (SELECT count(*) FROM config WHERE left(value, 18) = ANY($1))
       + (SELECT count(*) FROM connections, sealed_texts(config) AS sealed WHERE left(sealed, 18) = ANY($1))
       + (SELECT count(*) FROM notice_channels, sealed_texts(secrets) AS sealed WHERE left(sealed, 18) = ANY($1))
       + (SELECT count(*) FROM skills WHERE left(trigger_secret, 18) = ANY($1)) AS count`,
    [beginnings],
  );
  return Number(rows[0]?.count ?? 0);
}

/** Writes the tables anew, so that what old keys open does not stand in their dead rows. A backup under way may have them. */
async function forgetFormerRows({ db, log }: KeyDeps): Promise<void> {
  const client = await db.pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(`SET lock_timeout = '2s'`);
    for (const [table] of sealedColumns) await client.query(`VACUUM (FULL) ${table}`);
  } catch (error) {
    log.warn({ error }, 'the dead rows under old keys are there until PostgreSQL takes their place');
  } finally {
    await client.query('RESET lock_timeout').catch((trouble: Error) => {
      broken = trouble;
    });
    client.release(broken);
  }
}
