/** What the owner is told of backups that are missing: once when tries begin to fail, and once a day while one is overdue. */
import { recordAudit, systemActor } from '../audit/record-audit.ts';
import type { BackupState } from '../contract/backups.ts';
import type { Database } from '../database/client.ts';
import { announce } from '../queue/announce.ts';
import type { Queue } from '../queue/queue.ts';
import { readLastAct } from './record-backup.ts';

type TellDeps = { db: Database; queue: Queue };

const againMs = 24 * 3_600_000;

/**
 * Puts a try that failed on record, and tells of the first since the last that went well.
 *
 * @param state how backups stood before it
 * @param why redacted
 */
export async function tellOfFailure({ db, queue }: TellDeps, state: BackupState, why: string): Promise<void> {
  await db.transaction(async (tx) => {
    await recordAudit(tx, { action: 'backup.failed', actor: systemActor, data: { why } });
    if (state.failure !== null) return;
    await announce({ queue, tx }, { event: 'backup_failed', detail: { error: why, ...standing(state) } });
  });
}

/** Tells of one that is overdue, unless that was told within a day. */
export async function tellOfOverdue({ db, queue }: TellDeps, state: BackupState, now: Date): Promise<void> {
  const { dueSince, isOverdue, failure } = state;
  if (!isOverdue || dueSince === null) return;
  const told = await readLastAct(db, 'backup.overdue');
  if (told && told.at > new Date(dueSince) && now.getTime() - told.at.getTime() < againMs) return;
  await db.transaction(async (tx) => {
    await recordAudit(tx, { action: 'backup.overdue', actor: systemActor, data: { dueSince } });
    const error = failure === null ? {} : { error: failure.message };
    await announce({ queue, tx }, { event: 'backup_overdue', detail: { ...error, ...standing(state) } });
  });
}

const standing = ({ dueSince, last }: BackupState) => ({ dueSince, lastAt: last?.at ?? null });
