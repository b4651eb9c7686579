import { verifyAudit } from '../audit/verify/verify-audit.ts';
import type { AuditVerification } from '../contract/audit.ts';
import type { Logger } from '../kernel/log.ts';
import type { OpenBackup } from './open-backup.ts';
import { withStage } from './open-stage.ts';
import { stageHome } from './stage.ts';

export type BackupVerification = {
  /** Whoever restores it has all that was in it. */
  ok: boolean;
  file: string;
  bytes: number;
  /** Null of a dump, which does not say. */
  createdAt: string | null;
  vaultId: string | null;
  rootKey: string | null;
  withKey: boolean;
  rows: number;
  executions: number;
  files: number;
  /** Null where the root key was not at hand: then nothing sealed was opened, and no signature looked at. */
  sealed: { count: number; unreadable: string[] } | null;
  audit: AuditVerification | null;
};

/**
 * Restores a backup into a database of its own, which is removed again, and looks at all of it: every byte is decrypted, every
 * row fits, every sealed value opens, the audit chain is as it was written.
 *
 * @param options.home where it is put meanwhile; a VM may run there
 * @param options.key the root key, where it is at hand
 * @throws AlfredError E_BACKUP or E_MALFORMED when it is damaged, E_WRONG_KEY, E_SCHEMA_NEWER, E_DISK_FULL
 */
export async function verifyBackup(
  backup: OpenBackup,
  options: { home: string; key: Buffer | undefined; log: Logger; onProgress: (line: string) => void },
): Promise<BackupVerification> {
  const { home, key, log, onProgress } = options;
  const stage = await stageHome(backup, { home, kind: 'verifying', log, onProgress });
  try {
    onProgress('opening what is sealed, walking the audit chain');
    const opened =
      key &&
      (await withStage(stage, { key, log }, async ({ db, vault, sealed }) => ({
        sealed,
        audit: await verifyAudit({ db, vault, home: stage.home }),
      })));
    const { sealed = null, audit = null } = opened ?? {};
    const { header, file, bytes } = backup;
    return {
      ok: (sealed?.unreadable.length ?? 0) === 0 && audit?.ok !== false,
      file,
      bytes,
      createdAt: header?.createdAt ?? null,
      vaultId: header?.vaultId ?? null,
      rootKey: header?.rootKey ?? null,
      withKey: header?.key !== undefined,
      rows: Object.values(stage.rows).reduce((sum, count) => sum + count, 0),
      executions: stage.rows.executions ?? 0,
      files: stage.files,
      sealed,
      audit,
    };
  } finally {
    await stage.remove();
  }
}
