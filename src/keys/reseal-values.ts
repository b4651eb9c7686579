/** Sealing every value anew under the data key in use, in batches: whoever edits one of them waits for one batch at most. */
import type { Prisma, Transaction } from '../database/client.ts';
import { keyringRows } from '../vault/config-rows.ts';
import { formerBeginnings, resealValue } from '../vault/reseal.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import { mapSealed, type sealedColumns } from '../vault/sealed-places.ts';
import type { Vault } from '../vault/vault.ts';
import type { KeyDeps } from './keyring-at-hand.ts';
import type { RotationWork } from './rotation-work.ts';

/** What one batch did; `last` is its last row, undefined after the last batch. */
type Batch = { changed: number; last: string | undefined };

export type Sweep = Pick<RotationWork, 'signal' | 'batchRows'> & { onBatch: (changed: number) => void };

/**
 * Seals anew what a former data key sealed. What does not open stays as it is, and is in the log.
 *
 * @returns how many values were sealed anew
 */
export async function resealValues(deps: KeyDeps, { signal, batchRows, onBatch }: Sweep): Promise<number> {
  const { db, vault, log } = deps;
  let count = 0;
  for (const [table, reseal] of Object.entries(tables)) {
    for (let after = '', more = true; more; ) {
      signal.throwIfAborted();
      const unreadable: string[] = [];
      const { changed, last } = await db.transaction(async (tx) => {
        unreadable.length = 0;
        await tx.$executeRaw`SELECT set_config('alfred.sealed_anew', 'on', true)`;
        return reseal(tx, { vault, after, batchRows, unreadable });
      });
      for (const place of unreadable)
        log.error({ table, place }, 'a sealed value does not open: it stays as it is');
      count += changed;
      onBatch(changed);
      more = last !== undefined;
      after = last ?? after;
    }
  }
  return count;
}

type BatchDeps = { vault: Vault; after: string; batchRows: number; unreadable: string[] };

/** By table; each holds its rows until the batch is written. */
const tables = {
  config: resealConfig,
  connections: resealConnections,
  skills: resealSkills,
  notice_channels: resealChannels,
} satisfies Record<(typeof sealedColumns)[number][0], (tx: Transaction, deps: BatchDeps) => Promise<Batch>>;

/** The value under the key in use; as it is where a former key did not seal it, or it does not open. */
function reseal(
  { vault, unreadable }: BatchDeps,
  place: Parameters<typeof resealValue>[1],
  sealed: string,
): string {
  if (!formerBeginnings(vault).some((beginning) => sealed.startsWith(beginning))) return sealed;
  const anew = resealValue(vault, place, sealed);
  if (anew === undefined) unreadable.push(`${place.rowId}${place.pointer}`);
  return anew ?? sealed;
}

async function resealConfig(tx: Transaction, deps: BatchDeps): Promise<Batch> {
  const rows = await tx.$queryRaw<{ key: string; value: string }[]>`
    SELECT key, value FROM config WHERE key > ${deps.after} AND key <> ALL(${[...keyringRows]})
      AND left(value, 18) = ANY(${formerBeginnings(deps.vault)})
    ORDER BY key LIMIT ${deps.batchRows} FOR UPDATE`;
  const changed = rows
    .map(({ key, value }) => {
      const place = { table: 'config', rowId: key, pointer: '/value' };
      return { key, value: reseal(deps, place, value), former: value };
    })
    .filter(({ value, former }) => value !== former);
  await tx.$executeRaw`
    UPDATE config SET value = anew.value
    FROM json_to_recordset(${JSON.stringify(changed)}::text::json) AS anew (key text, value text)
    WHERE config.key = anew.key`;
  return { changed: changed.length, last: rows.at(-1)?.key };
}

/** A connection's MAC is over its ciphertexts. One that somebody else altered stays without a good one. */
async function resealConnections(tx: Transaction, deps: BatchDeps): Promise<Batch> {
  const held = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM connections WHERE id > ${orFirst(deps.after)}::uuid
    ORDER BY id LIMIT ${deps.batchRows} FOR UPDATE`;
  const ids = held.map(({ id }) => id);
  const rows = await tx.connection.findMany({ where: { id: { in: ids } } });
  const guard = rowGuardOf(tx);
  let count = 0;
  const changed = rows.flatMap((row) => {
    const before = count;
    const config = mapSealed(row.config, '/config', (pointer, sealed) => {
      const anew = reseal(deps, { table: 'connections', rowId: row.id, pointer }, sealed);
      if (anew !== sealed) count += 1;
      return anew;
    }) as Prisma.JsonValue;
    if (count === before) return [];
    const mac = guard.isIntact('connections', row) ? guard.sign('connections', { ...row, config }) : row.mac;
    return [{ id: row.id, config, mac: hexOf(mac) }];
  });
  await tx.$executeRaw`
    UPDATE connections SET config = anew.config, mac = decode(anew.mac, 'hex')
    FROM json_to_recordset(${JSON.stringify(changed)}::text::json) AS anew (id uuid, config jsonb, mac text)
    WHERE connections.id = anew.id`;
  return { changed: count, last: ids.at(-1) };
}

async function resealSkills(tx: Transaction, deps: BatchDeps): Promise<Batch> {
  const held = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM skills WHERE id > ${orFirst(deps.after)}::uuid
      AND left(trigger_secret, 18) = ANY(${formerBeginnings(deps.vault)})
    ORDER BY id LIMIT ${deps.batchRows} FOR UPDATE`;
  const ids = held.map(({ id }) => id);
  const rows = await tx.skill.findMany({ where: { id: { in: ids } } });
  const guard = rowGuardOf(tx);
  const changed = rows.flatMap((row) => {
    const place = { table: 'skills', rowId: row.id, pointer: '/trigger_secret' };
    const triggerSecret = reseal(deps, place, row.triggerSecret ?? '');
    if (triggerSecret === row.triggerSecret) return [];
    const mac = guard.isIntact('skills', row) ? guard.sign('skills', { ...row, triggerSecret }) : row.mac;
    return [{ id: row.id, secret: triggerSecret, mac: hexOf(mac) }];
  });
  await tx.$executeRaw`
    UPDATE skills SET trigger_secret = anew.secret, mac = decode(anew.mac, 'hex')
    FROM json_to_recordset(${JSON.stringify(changed)}::text::json) AS anew (id uuid, secret text, mac text)
    WHERE skills.id = anew.id`;
  return { changed: changed.length, last: ids.at(-1) };
}

async function resealChannels(tx: Transaction, deps: BatchDeps): Promise<Batch> {
  const held = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM notice_channels WHERE id > ${orFirst(deps.after)}::uuid
    ORDER BY id LIMIT ${deps.batchRows} FOR UPDATE`;
  const ids = held.map(({ id }) => id);
  const guard = rowGuardOf(tx);
  let count = 0;
  for (const row of await tx.noticeChannel.findMany({ where: { id: { in: ids } } })) {
    const before = count;
    const secrets = mapSealed(row.secrets, '/secrets', (pointer, sealed) => {
      const anew = reseal(deps, { table: 'notice_channels', rowId: row.id, pointer }, sealed);
      if (anew !== sealed) count += 1;
      return anew;
    }) as Prisma.JsonValue;
    if (count === before) continue;
    const isIntact = guard.isIntact('notice_channels', row);
    const mac = isIntact ? guard.sign('notice_channels', { ...row, secrets }) : row.mac;
    await tx.$executeRaw`
      UPDATE notice_channels SET secrets = ${JSON.stringify(secrets)}::text::jsonb, mac = ${mac}
      WHERE id = ${row.id}::uuid`;
  }
  return { changed: count, last: ids.at(-1) };
}

const orFirst = (after: string): string => after || '00000000-0000-0000-0000-000000000000';

const hexOf = (mac: Uint8Array | null): string | null => mac && Buffer.from(mac).toString('hex');
