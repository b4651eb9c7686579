import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { acceptRestore } from '../audit/accept-restore.ts';
import { recordAudits } from '../audit/record-audit.ts';
import { openSigningKey } from '../audit/signing-key.ts';
import { readWitness } from '../audit/witness.ts';
import { askBeforeReporting } from '../core-link/after-restore.ts';
import type { Transaction } from '../database/client.ts';
import { timeNow } from '../kernel/clock.ts';
import type { Logger } from '../kernel/log.ts';
import type { Settings } from '../kernel/settings.ts';
import { createRootKey } from '../vault/root-key.ts';
import type { FoundKey } from './find-key.ts';
import type { OpenBackup } from './open-backup.ts';
import { type OpenedStage, withStage } from './open-stage.ts';
import { type Stage, stageHome } from './stage.ts';
import { swapHome } from './swap-home.ts';

export type RestoreOptions = {
  settings: Pick<Settings, 'home' | 'rootKey' | 'databaseUrl'>;
  key: FoundKey;
  /** Who restores, for the audit log. */
  actor: string;
  /** Decides who still gets in, in the transaction in which the rest is settled. */
  settleAccess: (tx: Transaction) => Promise<RestoredAccess>;
  log: Logger;
  onProgress: (line: string) => void;
};

/** Of tokens, apps and passkeys: the names that their owner knows them by. */
export type RestoredAccess = {
  /** What would have been good again, also where it was taken away since, and ended. */
  ended: { tokens: string[]; apps: string[]; sessions: number };
  /** What is good as it was then, though it may have been taken away since. */
  good: { tokens: string[]; apps: string[]; passkeys: string[]; hasPassword: boolean };
};

export type RestoredBackup = {
  home: string;
  createdAt: string | null;
  executions: number;
  files: number;
  sealed: OpenedStage['sealed'];
  /** Where what was in the home is kept; null when it was empty. */
  aside: string | null;
  /** How many restores the audit chain has seen, and how many events came after the backup. */
  epoch: number;
  lost: number;
  /** Runs that had not ended in the backup: they are not begun a second time. */
  cancelled: number;
  /** Executions that are in no report here: Core is asked whether it was told of them. */
  toReconcile: number;
  access: RestoredAccess;
};

/** What a backup brings; a dump is of the database alone. */
const ofBackup = ['audit', 'connections', 'keys', 'samples'];
const ofDump = ['audit'];

/**
 * Puts a backup, or a dump, in the place of what is in the home. It is made beside it, opened and looked at first; then all of
 * it changes at once, and what was there is kept. Call with the home's lock held, and finishSwap done.
 *
 * @throws AlfredError E_BACKUP, E_MALFORMED, E_WRONG_KEY, E_SCHEMA_NEWER, E_DISK_FULL, E_DATABASE; E_CONFLICT when
 *   DATABASE_URL names a database that is not empty. The home is as it was then
 */
export async function restoreBackup(backup: OpenBackup, options: RestoreOptions): Promise<RestoredBackup> {
  const { settings, key, log, onProgress } = options;
  const { home, databaseUrl } = settings;
  const stage = await stageHome(backup, { home, kind: 'restoring', log, onProgress, databaseUrl });
  try {
    onProgress('opening what is sealed');
    const done = await withStage(stage, { key: key.key, log }, (opened) =>
      settle({ backup, stage, opened, options }),
    );
    await keepKey(backup, stage, options);
    await stage.stop();
    onProgress('putting it in place');
    const names = [
      ...(backup.header ? ofBackup : ofDump),
      ...(databaseUrl === undefined ? ['postgres'] : []),
    ];
    const aside = await swapHome(home, { from: stage.home, names, now: timeNow() });
    const { files, rows } = stage;
    const createdAt = backup.header?.createdAt ?? null;
    return { home, createdAt, executions: rows.executions ?? 0, files, aside: aside ?? null, ...done };
  } finally {
    await stage.remove();
  }
}

type Settling = { backup: OpenBackup; stage: Stage; opened: OpenedStage; options: RestoreOptions };

/** What a database that was set back must know before a VM works on it. */
async function settle({ backup, stage, opened, options }: Settling) {
  const { db, vault, sealed } = opened;
  const { actor, settings, settleAccess } = options;
  await keepWitness(stage, opened, settings.home);
  const settled = await db.transaction(
    async (tx) => {
      const open = await tx.$queryRaw<{ id: string }[]>`
        UPDATE executions SET cancel_requested_at = coalesce(cancel_requested_at, now())
        WHERE status IN ('queued', 'running', 'waiting_approval') RETURNING id::text`;
      await recordAudits(
        tx,
        open.map(({ id }) => ({ action: 'execution.cancel_requested', actor, subject: id })),
      );
      const toReconcile = await askBeforeReporting(tx);
      return { cancelled: open.length, toReconcile, access: await settleAccess(tx) };
    },
    { timeoutMs: 600_000 },
  );
  const what = backup.header ? `the backup of ${backup.header.createdAt}` : path.basename(backup.file);
  const { epoch, lost } = await acceptRestore({ db, vault, home: stage.home }, { actor, reason: what });
  return { sealed, ...settled, epoch, lost };
}

/**
 * What the home knows of the chain is at least what the backup knows, when it is the same VM's: it stays, and says what came
 * after the backup.
 */
async function keepWitness(stage: Stage, { db, vault }: OpenedStage, home: string): Promise<void> {
  const { lines, head, exists } = await readWitness(home);
  const { publicKey } = await openSigningKey({ db, vault });
  const isOurs = [...lines, ...(head ? [head] : [])].every((one) => one.publicKey === publicKey);
  if (!exists || !isOurs) return;
  const folder = path.join(stage.home, 'audit');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  await cp(path.join(home, 'audit'), folder, { recursive: true });
}

/** So that a VM that starts on the home finds its root key: where the environment says, or in the home. */
async function keepKey(backup: OpenBackup, stage: Stage, { settings, key }: RestoreOptions): Promise<void> {
  const { file, value, credentialsDirectory } = settings.rootKey;
  if (key.isInPlace && (file ?? value ?? credentialsDirectory) !== undefined) return;
  if (file !== undefined) await createRootKey(settings, key.key);
  // A dump leaves the folder of keys where it is.
  else if (backup.header) await createRootKey({ ...settings, home: stage.home }, key.key);
  else if (!key.isInPlace) await createRootKey(settings, key.key);
}
