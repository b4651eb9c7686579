/** What is known of backups is what is on record: there is no other memory of them. */
import path from 'node:path';
import { recordAudit } from '../audit/record-audit.ts';
import { type Database, openDatabase } from '../database/client.ts';
import type { CreatedBackup } from './create-backup.ts';

/** Puts a backup on record. */
export async function recordBackup(
  { prisma }: Pick<Database, 'prisma'>,
  made: CreatedBackup,
  actor: string,
): Promise<void> {
  const data = { file: path.basename(made.file), bytes: made.bytes, withKey: made.withKey };
  await recordAudit(prisma, { action: 'backup.created', actor, data });
}

/** The same in a database that is opened for it. */
export async function recordBackupAt(url: string, made: CreatedBackup, actor: string): Promise<void> {
  const db = await openDatabase(url, { connections: 1 });
  try {
    await recordBackup(db, made, actor);
  } finally {
    await db.close();
  }
}

export type LastAct = { at: Date; data: Record<string, unknown> | null };

/** The last act of its kind, chained or not yet; undefined before the first. */
export async function readLastAct(
  { pool }: Pick<Database, 'pool'>,
  action: 'backup.created' | 'backup.failed' | 'backup.overdue' | 'config.changed',
  subject: string | null = null,
): Promise<LastAct | undefined> {
  const { rows } = await pool.query<LastAct>(
    `SELECT at, data FROM (
       (SELECT at, data FROM audit_inbox WHERE action = $1 AND ($2::text IS NULL OR subject = $2)
        ORDER BY id DESC LIMIT 1)
       UNION ALL
       (SELECT at, data FROM audit_events WHERE action = $1 AND ($2::text IS NULL OR subject = $2)
        ORDER BY seq DESC LIMIT 1)
     ) AS acts ORDER BY at DESC LIMIT 1`,
    [action, subject],
  );
  return rows[0];
}
