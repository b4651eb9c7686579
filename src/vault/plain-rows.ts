/**
 * The config entries that stand in the open: what directs and admits is among them, so none is believed that this VM did
 * not write. The MAC of each stands in one list, itself under a MAC, so that an entry that was removed is missed as well.
 * The founding document gives the table its columns; the list is a row of it. Sealed entries are bound to their place by
 * themselves.
 */
import { z } from 'zod';
import type { Transaction } from '../database/client.ts';
import { isAlfredError } from '../kernel/errors.ts';
import { canonicalJson, sha256 } from '../kernel/hash.ts';
import { plainPrefix, rowNames } from './config-rows.ts';
import { type RowGuard, rowAltered, rowGuardOf } from './row-guard.ts';

/** The list's own row. */
export const listKey = 'config_macs';

/** Read before there is a key, and proved by the keyring that opens with them. */
const unlisted: readonly string[] = [
  listKey,
  rowNames.vaultId,
  rowNames.fingerprint,
  rowNames.nextFingerprint,
  rowNames.keyring,
];

type ConfigDb = Pick<Transaction, 'config'>;
type ConfigRow = { key: string; value: string };

const listSchema = z.object({ macs: z.record(z.string(), z.string()), mac: z.string() });

/** Of each entry its MAC, in hexadecimal. */
type Macs = Map<string, string>;

/** Whether an entry is one of those that the list is about. */
export const isListed = ({ key, value }: ConfigRow): boolean =>
  value.startsWith(plainPrefix) && !unlisted.includes(key);

/** What the audit log says of an entry: tells whether it is the one that was set last. */
export const hashOfEntry = (value: string): string => sha256(value).toString('hex');

const macOf = (guard: RowGuard, row: ConfigRow): string =>
  Buffer.from(guard.sign('config', { key: row.key, value: row.value })).toString('hex');

const isMac = (guard: RowGuard, { key, value }: ConfigRow, mac: string | undefined): boolean =>
  mac !== undefined && guard.isIntact('config', { key, value, mac: Buffer.from(mac, 'hex') });

/** Under each key the list that was proved last, with its whole text: the same text is the same list, and needs no second proof. */
const proved = new WeakMap<RowGuard, { value: string; macs: Readonly<Record<string, string>> }>();

/** @throws AlfredError E_ROW_ALTERED when the list is not as this VM wrote it, or is gone */
function readList(guard: RowGuard, value: string | undefined): Macs {
  const known = proved.get(guard);
  if (known !== undefined && known.value === value) return new Map(Object.entries(known.macs));
  const list = unprovedList(value);
  if (!list || !isMac(guard, { key: listKey, value: canonicalJson(list.macs) }, list.mac)) {
    throw rowAltered('config', listKey);
  }
  if (value !== undefined) proved.set(guard, { value, macs: list.macs });
  return new Map(Object.entries(list.macs));
}

function unprovedList(value: string | undefined): z.output<typeof listSchema> | undefined {
  if (value?.startsWith(plainPrefix) !== true) return undefined;
  try {
    return listSchema.safeParse(JSON.parse(value.slice(plainPrefix.length))).data;
  } catch {
    return undefined; // no JSON: it is no list, which the caller says
  }
}

function listValue(guard: RowGuard, list: Macs): string {
  const macs = Object.fromEntries(list);
  const mac = macOf(guard, { key: listKey, value: canonicalJson(macs) });
  return `${plainPrefix}${canonicalJson({ macs, mac })}`;
}

/**
 * The texts of the plain entries among `keys`, each proved; one that is not there, or is sealed, is left out.
 *
 * @param rows all rows of these keys, and the list's own
 * @throws AlfredError E_ROW_ALTERED naming an entry that was changed, put there or removed by somebody else
 */
export function provedTexts(
  guard: RowGuard,
  rows: readonly ConfigRow[],
  keys: readonly string[],
): Map<string, string> {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const list = readList(guard, byKey.get(listKey)?.value);
  const texts = new Map<string, string>();
  for (const key of keys) {
    const row = byKey.get(key);
    const mac = list.get(key);
    const isPlain = row?.value.startsWith(plainPrefix) === true;
    if (!isPlain && mac === undefined) continue;
    if (!row || !isMac(guard, row, mac)) throw rowAltered('config', key);
    texts.set(key, row.value.slice(plainPrefix.length));
  }
  return texts;
}

/**
 * Reads plain entries.
 *
 * @throws AlfredError E_ROW_ALTERED naming an entry that is not as this VM left it
 */
export async function readPlain(db: ConfigDb, keys: readonly string[]): Promise<Map<string, string>> {
  const rows = await db.config.findMany({
    where: { key: { in: [...keys, listKey] } },
    select: { key: true, value: true },
  });
  return provedTexts(rowGuardOf(db), rows, keys);
}

/** The keys of plain entries that are not as this VM left them, those that are gone too; the list's own when it is not. */
export async function findAltered(db: ConfigDb): Promise<string[]> {
  const guard = rowGuardOf(db);
  const rows = await db.config.findMany({ select: { key: true, value: true } });
  try {
    const list = readList(guard, rows.find(({ key }) => key === listKey)?.value);
    const keys = new Set([...list.keys(), ...rows.filter(isListed).map(({ key }) => key)]);
    return [...keys].filter((key) => !isProved(guard, rows, key)).sort();
  } catch (error) {
    if (isAlfredError(error, 'E_ROW_ALTERED')) return [listKey];
    throw error;
  }
}

function isProved(guard: RowGuard, rows: readonly ConfigRow[], key: string): boolean {
  try {
    provedTexts(guard, rows, [key]);
    return true;
  } catch (error) {
    if (isAlfredError(error, 'E_ROW_ALTERED')) return false;
    throw error;
  }
}

/**
 * Writes plain entries, whatever stood there.
 *
 * @throws AlfredError E_ROW_ALTERED when the list itself is not as this VM left it
 */
export async function writePlain(tx: Transaction, entries: Readonly<Record<string, string>>): Promise<void> {
  const guard = rowGuardOf(tx);
  const list = await lockList(tx);
  for (const [key, text] of Object.entries(entries)) {
    const value = `${plainPrefix}${text}`;
    await tx.config.upsert({ where: { key }, create: { key, value }, update: { value } });
    list.set(key, macOf(guard, { key, value }));
  }
  await writeList(tx, list);
}

/**
 * Removes entries, sealed ones too, whatever stood there.
 *
 * @returns how many there were, those counted that somebody else had removed
 * @throws AlfredError E_ROW_ALTERED when the list itself is not as this VM left it
 */
export async function removeEntries(tx: Transaction, keys: readonly string[]): Promise<number> {
  const list = await lockList(tx);
  const rows = await tx.config.findMany({ where: { key: { in: [...keys] } }, select: { key: true } });
  await tx.config.deleteMany({ where: { key: { in: [...keys] } } });
  const gone = keys.filter((key) => list.delete(key) || rows.some((row) => row.key === key));
  await writeList(tx, list);
  return gone.length;
}

/** Held until the transaction ends: of two who write at once, the second adds to what the first wrote. */
async function lockList(tx: Transaction): Promise<Macs> {
  const rows = await tx.$queryRaw<{ value: string }[]>`
    SELECT value FROM config WHERE key = ${listKey} FOR UPDATE`;
  return readList(rowGuardOf(tx), rows[0]?.value);
}

async function writeList(tx: ConfigDb, list: Macs): Promise<void> {
  const value = listValue(rowGuardOf(tx), list);
  await tx.config.upsert({
    where: { key: listKey },
    create: { key: listKey, value },
    update: { value },
  });
}

/** Takes all plain entries that there are as they are: once in the life of a VM (sign-rows.ts). @returns how many */
export async function listAllRows(tx: ConfigDb): Promise<number> {
  const guard = rowGuardOf(tx);
  const rows = (await tx.config.findMany()).filter(isListed);
  await writeList(tx, new Map(rows.map((row) => [row.key, macOf(guard, row)])));
  return rows.length;
}

/** Signs the entries anew that can be proved, and the list: the key of the MACs is another now. */
export async function resignList(tx: Transaction): Promise<void> {
  const guard = rowGuardOf(tx);
  const list = await lockList(tx);
  const rows = await tx.config.findMany({ select: { key: true, value: true } });
  for (const row of rows) {
    if (isListed(row) && isMac(guard, row, list.get(row.key))) list.set(row.key, macOf(guard, row));
  }
  await writeList(tx, list);
}

/**
 * Makes the list anew from the entries that can be proved one by one, and removes the others. What is gone without a trace
 * cannot be known: so the model's key goes too, unless the address that it was entered for is proved.
 *
 * @returns the keys that went
 */
export async function remakeList(tx: ConfigDb): Promise<string[]> {
  const guard = rowGuardOf(tx);
  const rows = await tx.config.findMany({ select: { key: true, value: true } });
  const macs = unprovedList(rows.find(({ key }) => key === listKey)?.value)?.macs ?? {};
  const isProvable = (row: ConfigRow) =>
    isMac(guard, row, Object.hasOwn(macs, row.key) ? macs[row.key] : undefined);
  const kept = rows.filter((row) => isListed(row) && isProvable(row));
  const gone = rows
    .filter((row) => isListed(row) && !isProvable(row))
    .concat(
      kept.some(({ key }) => key === 'model_base_url')
        ? []
        : rows.filter(({ key }) => key === 'anthropic_api_key'),
    )
    .map(({ key }) => key);
  await tx.config.deleteMany({ where: { key: { in: gone } } });
  await writeList(tx, new Map(kept.map((row) => [row.key, macOf(guard, row)])));
  return gone.sort();
}
