/** The last backup is the last that is on record: there is no other memory of it. */
import path from 'node:path';
import { recordAudit } from '../audit/record-audit.ts';
import { type Database, openDatabase } from '../database/client.ts';
import type { CreatedBackup } from './create-backup.ts';

export type LastBackup = { at: Date; file: string; bytes: number };

/** Puts a backup on record. */
export async function recordBackup(url: string, made: CreatedBackup, actor: string): Promise<void> {
  const db = await openDatabase(url, { connections: 1 });
  try {
    const data = { file: path.basename(made.file), bytes: made.bytes, withKey: made.withKey };
    await recordAudit(db.prisma, { action: 'backup.created', actor, data });
  } finally {
    await db.close();
  }
}

/** The last backup that was made of this database; undefined before the first. */
export async function readLastBackup({ pool }: Pick<Database, 'pool'>): Promise<LastBackup | undefined> {
  const { rows } = await pool.query<LastBackup>(
    `SELECT at, data ->> 'file' AS file, (data ->> 'bytes')::float8 AS bytes FROM (
       (SELECT at, data FROM audit_inbox WHERE action = 'backup.created' ORDER BY id DESC LIMIT 1)
       UNION ALL
       (SELECT at, data FROM audit_events WHERE action = 'backup.created' ORDER BY seq DESC LIMIT 1)
     ) AS made ORDER BY at DESC LIMIT 1`,
  );
  return rows[0];
}
