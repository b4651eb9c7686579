/**
 * Another root key, while everything goes on. The keyring stands in the database under the old one and the new one until every
 * process has the new one, so that at any point of a kill the key that is found opens it:
 *
 *   1. the new key is on the disk, in a file of its own
 *   2. the keyring is in the database under it, beside the one under the old key
 *   3. the new key takes the place of the old one; in a place that is not ours, by its owner's hand
 *   4. every process has it; the keyring under the old key is gone, and new data keys are in the other
 *
 * Whoever has the old root key may have had the data keys from an old backup: so these change behind it (rotate-data-keys.ts).
 */
import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { notify } from '../database/channels.ts';
import { AlfredError } from '../kernel/errors.ts';
import { phaseOf, withNewKeys } from '../vault/changed-keys.ts';
import { plainPrefix, plainValue, rowNames } from '../vault/config-rows.ts';
import { openKeyringOrNothing } from '../vault/keyring.ts';
import { makeNextKey, moveNextKey, readNextKey, removeNextKey } from '../vault/next-root-key.ts';
import { redactRootKey } from '../vault/open-vault.ts';
import { listRootKeys, type RootKey } from '../vault/root-key.ts';
import { waitForHolders } from './holders.ts';
import { goOnWithKeys, type KeyDeps, type KeyringAtHand, withKeyring } from './keyring-at-hand.ts';
import type { RotationWork } from './rotation-work.ts';

/** Whether the root key stands where this program puts it itself. */
const isOurs = ({ settings }: Pick<KeyDeps, 'settings'>, { source }: Pick<RootKey, 'source'>): boolean =>
  source === 'file' && settings.rootKey.file === undefined;

/**
 * Goes on with a change of the root key, or begins one.
 *
 * @param options.begins false: what waits for its owner's hand goes on waiting, and where none is under way nothing is done
 * @returns whether its owner must put the key in place first
 * @throws AlfredError E_CONFLICT where several sources hold the key; E_KEY_IN_USE naming processes that have the old one
 */
export async function rotateRootKey(
  deps: KeyDeps,
  work: RotationWork,
  { begins, actor }: { begins: boolean; actor: string },
): Promise<'done' | 'waits'> {
  const { vault } = deps;
  const waits = await findNext(deps);
  if (waits === undefined && !begins) return 'done';
  if (waits === undefined) await begin(deps, actor);
  const next = waits ?? (await findNext(deps));
  if (next === undefined) return 'done';
  if (vault.fingerprint !== next) {
    if (!isOurs(deps, { source: vault.keySource })) return 'waits';
    await moveNextKey(deps.settings);
    await goOnWithKeys(deps);
  } else if (!begins && !isOurs(deps, { source: vault.keySource })) return 'waits';
  await finish(deps, work, next);
  return 'done';
}

/**
 * The fingerprint of the root key that is to come. A keyring under one that is nowhere any more is of no use to anybody, and
 * is removed.
 */
async function findNext(deps: KeyDeps): Promise<string | undefined> {
  const { settings, vault, log } = deps;
  const found = await withKeyring(deps, async ({ rows, rootKey, put }) => {
    const sealed = rows.get(rowNames.nextKeyring);
    if (sealed === undefined) return undefined;
    const next = [rootKey, await readNextKey(settings)].find(
      (key) => key && openKeyringOrNothing(sealed, key.key, vault.vaultId),
    );
    if (next) return next.fingerprint;
    await forgetNext({ put });
    log.warn('the root key that was to come is gone; the one in use stays');
    return undefined;
  });
  if (found === undefined) await removeNextKey(settings);
  return found;
}

async function begin(deps: KeyDeps, actor: string): Promise<void> {
  const { settings, vault } = deps;
  const sources = await listRootKeys(settings);
  if (sources.length > 1) {
    const named = sources.map(({ source, file }) => file ?? source).join(' and ');
    throw new AlfredError(
      'E_CONFLICT',
      `The root key is in ${named}: one of them would go on holding the old one.`,
      {
        remedy: 'Remove it from all but one of them, restart, and try again.',
      },
    );
  }
  await withKeyring(deps, async ({ keyring }) => {
    if (phaseOf(keyring) === 'settled') return;
    throw new AlfredError('E_CONFLICT', 'The data keys are being changed.', {
      remedy: 'Let that end first: npx alfred key status',
    });
  });
  const next = await makeNextKey(settings);
  redactRootKey(vault.redactor, next.key);
  await withKeyring(deps, async ({ tx, keyring, put, seal }) => {
    await put(rowNames.nextKeyring, seal(keyring, next.key));
    await put(rowNames.nextFingerprint, `${plainPrefix}${next.fingerprint}`);
    const data = { from: vault.fingerprint, to: next.fingerprint };
    await recordAudit(tx, { action: 'key.rotation_begun', actor, subject: 'root', data });
  });
}

async function finish(deps: KeyDeps, work: RotationWork, next: string): Promise<void> {
  const { db, settings } = deps;
  await nudge(deps);
  work.tell({ stage: 'waiting' });
  const { signal, patienceMs } = work;
  await waitForHolders(
    { db, signal, patienceMs, onWait: (waitingFor) => work.tell({ waitingFor }) },
    ({ rootKey }) => rootKey === next,
  );
  await withKeyring(deps, async ({ tx, keyring, rootKey, rows, put, seal }) => {
    if (rootKey.fingerprint !== next) throw new Error('The root key changed meanwhile');
    await put(rowNames.keyring, seal(withNewKeys(keyring), rootKey.key));
    await put(rowNames.fingerprint, `${plainPrefix}${next}`);
    await forgetNext({ put });
    const data = { from: plainValue(rows, rowNames.fingerprint) ?? null, to: next };
    await recordAudit(tx, { action: 'key.rotated', actor: systemActor, subject: 'root', data });
  });
  await removeNextKey(settings);
}

/**
 * Gives up a change of the root key that waits for its owner's hand.
 *
 * @throws AlfredError E_CONFLICT where there is none, or this process runs with the new key already
 */
export async function cancelRootRotation(deps: KeyDeps, actor: string): Promise<void> {
  const { vault, settings } = deps;
  await withKeyring(deps, async ({ tx, rows, put }) => {
    const next = plainValue(rows, rowNames.nextFingerprint);
    if (next === undefined) {
      throw new AlfredError('E_CONFLICT', 'No change of the root key waits.', {
        remedy: 'See how it stands: npx alfred key status',
      });
    }
    if (next === vault.fingerprint) {
      throw new AlfredError('E_CONFLICT', `This VM runs with the new root key ${next} already.`, {
        remedy: 'Finish it: npx alfred key rotate --root',
      });
    }
    await forgetNext({ put });
    await recordAudit(tx, { action: 'key.rotation_cancelled', actor, subject: 'root', data: { to: next } });
  });
  await removeNextKey(settings);
}

async function forgetNext({ put }: Pick<KeyringAtHand, 'put'>): Promise<void> {
  await put(rowNames.nextKeyring, null);
  await put(rowNames.nextFingerprint, null);
}

/** Has every process look for the root key again: the database knows nothing of a file that was moved. */
async function nudge({ db }: KeyDeps): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.$executeRaw`UPDATE secret_epoch SET epoch = epoch + 1`;
    await notify(tx, 'secrets', `config:${rowNames.keyring}`);
  });
}
