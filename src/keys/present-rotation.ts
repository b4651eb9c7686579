/** How a change of the keys stands, as it is shown. */
import type { KeyHolder, KeyRotationState, RotatedKey } from '../contract/vault.ts';
import type { AlfredError } from '../kernel/errors.ts';
import { isBetweenKeys } from '../vault/changed-keys.ts';
import { readIdentity } from '../vault/read-identity.ts';
import type { Vault } from '../vault/vault.ts';
import { type Holder, pidOf } from './holders.ts';
import type { KeyDeps } from './keyring-at-hand.ts';
import type { Progress } from './rotation-work.ts';
import { stepsFor } from './steps-for.ts';

export type Run = Progress & { key: RotatedKey; failure: AlfredError | undefined };

/** The fingerprint of the root key that is to come; undefined while none is. */
export const readNext = async ({ db }: Pick<KeyDeps, 'db'>): Promise<string | undefined> =>
  (await readIdentity(db.pool))?.nextRootKey;

/**
 * @param run what this process does about it, if it does
 * @returns null when nothing is under way
 */
export async function presentRotation(deps: KeyDeps, run: Run | undefined): Promise<KeyRotationState | null> {
  const next = await readNext(deps);
  if (!run && next === undefined && !isBetweenKeys(deps.vault)) return null;
  const { key, stage, done, total, waitingFor, failure } = run ?? foundRun(next);
  return {
    key,
    stage,
    done,
    total,
    waitingFor: waitingFor.map((holder) => presentHolder(deps.vault, holder, next)),
    failure: failure
      ? { code: failure.code, message: failure.message, remedy: failure.remedy ?? null }
      : null,
    steps: stage === 'waiting_for_key' && next !== undefined ? stepsFor(deps, next) : [],
  };
}

/** What there is in the database, and nobody goes on with just now. */
const foundRun = (next: string | undefined): Run => ({
  key: next === undefined ? 'data' : 'root',
  done: 0,
  total: 0,
  waitingFor: [],
  stage: next === undefined ? 'waiting' : 'waiting_for_key',
  failure: undefined,
});

export const presentHolder = (
  vault: Vault,
  { kind, host, keys, rootKey, startedAt, process }: Holder,
  next: string | undefined,
): KeyHolder => ({
  kind,
  host,
  pid: pidOf({ process }),
  since: startedAt.toISOString(),
  isCurrent: keys !== null && keys >= vault.keys && rootKey === (next ?? vault.fingerprint),
});
