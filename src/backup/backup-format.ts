/**
 * A backup: lines of text, compressed with zstd, encrypted as age v1 (https://age-encryption.org/v1).
 *   first         {format, createdAt, program, vaultId, rootKey, nextRootKey?, databaseBytes, key?}
 *   then, for each file of the home
 *                 {file, mode}
 *                 its bytes in base64, a piece a line
 *                 \.
 *   then          the lines of a dump (database/dump-format.ts), the last of which ends the backup
 * Secrets in it are sealed under the root key, which is in it only as `key`, when that was asked for.
 */
import { z } from 'zod';

/**
 * What zstd takes and gives at a time, in bytes: each piece goes to another thread and comes back, and of larger ones there are
 * fewer, which tells on a busy machine.
 */
export const zstdPieceBytes = 512 * 1024;

export const backupFormat = 'alfred-backup/1';

export const backupHeaderSchema = z.object({
  format: z.literal(backupFormat),
  createdAt: z.iso.datetime(),
  /** The version of the program that made it. */
  program: z.string(),
  vaultId: z.string(),
  /** The fingerprint of the root key. */
  rootKey: z.string(),
  /** That of the root key that was to come, where it was being changed: it opens the backup as well. */
  nextRootKey: z.string().optional(),
  /** Of the database as it was. */
  databaseBytes: z.int().min(0),
  /** The root key, in base64. */
  key: z.string().optional(),
});
export type BackupHeader = z.infer<typeof backupHeaderSchema>;

/** A backup of a Core has the same form: its files are its keys, and its first line says less. */
export const coreBackupHeaderSchema = z.object({
  format: z.literal('alfred-core-backup/1'),
  createdAt: z.iso.datetime(),
  program: z.string(),
  /** The thumbprint of the signing key, which is in it: what VMs trust. */
  signingKey: z.string(),
  databaseBytes: z.int().min(0),
});
export type CoreBackupHeader = z.infer<typeof coreBackupHeaderSchema>;

/** Whether the root key of this fingerprint opens a backup's secrets. */
export const isKeyOf = (
  { rootKey, nextRootKey }: Pick<BackupHeader, 'rootKey' | 'nextRootKey'>,
  fingerprint: string,
): boolean => fingerprint === rootKey || fingerprint === nextRootKey;

/**
 * A file by its path from the home. Whoever has a public key can make a file that we open: nothing leads out of the home,
 * and nothing but these folders is written.
 */
const homePath = z
  .string()
  .regex(/^(samples|connections|audit|keys)\//)
  .refine((text) => !/[\0\\]/.test(text) && !text.split('/').some((part) => /^\.{0,2}$/.test(part)));

export const fileLineSchema = z.object({ file: homePath, mode: z.int().min(0).max(0o777) });
export type FileLine = z.infer<typeof fileLineSchema>;
