/** A backup, or a dump from before a migration, opened for reading: what it says of itself, its files, its database. */
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { endOfRows } from '../database/dump-format.ts';
import { DumpReader } from '../database/dump-reader.ts';
import { readDump } from '../database/restore.ts';
import { AlfredError, isAlfredError, messageOf } from '../kernel/errors.ts';
import { ageKindOf, decrypt, type Opener } from './age.ts';
import {
  type BackupHeader,
  backupHeaderSchema,
  type CoreBackupHeader,
  coreBackupHeaderSchema,
  fileLineSchema,
  zstdPieceBytes,
} from './backup-format.ts';
import type { BackupSource } from './backup-place.ts';

export type OpenBackup = {
  /** As a person names it. */
  file: string;
  bytes: number;
  /** Undefined of a dump, which says less of itself. */
  header: BackupHeader | undefined;
  /** At the files of the home; behind them, at the dump. */
  reader: DumpReader;
};

export type BackupKind = 'passphrase' | 'recipients' | 'dump';

/** How a file is to be opened. @throws AlfredError E_BACKUP when it is no backup, or cannot be read */
export async function backupKindOf(source: BackupSource): Promise<BackupKind> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source.read(0, 255)) pieces.push(piece);
  const head = Buffer.concat(pieces);
  const kind = ageKindOf(head);
  if (kind) return kind;
  const isGzip = head.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]));
  if (isGzip || head.subarray(0, 4).equals(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))) return 'dump';
  throw new AlfredError('E_BACKUP', `${source.name} is neither a backup nor a dump of Alfred.`);
}

/**
 * Opens what backupKindOf knows.
 *
 * @param opener of a backup; a dump needs none
 * @throws AlfredError E_BACKUP when it does not open, is damaged, or is of a newer program
 */
export async function openBackup(source: BackupSource, opener: Opener | undefined): Promise<OpenBackup> {
  const { name: file, bytes } = source;
  if (opener === undefined)
    return { file, bytes, header: undefined, reader: new DumpReader(readDump(source)) };
  const { first, reader } = await readFirst(source, opener);
  const header = backupHeaderSchema.safeParse(first);
  if (header.success) return { file, bytes, header: header.data, reader };
  if (coreBackupHeaderSchema.safeParse(first).success) {
    throw new AlfredError('E_BACKUP', `${file} is the backup of an Alfred Core, and not of a VM.`, {
      remedy: 'npx alfred core backup verify, or restore.',
    });
  }
  throw unknownFormat(file);
}

export type OpenCoreBackup = Omit<OpenBackup, 'header'> & { header: CoreBackupHeader };

/** Opens the backup of a Core. @throws AlfredError E_BACKUP as openBackup does, and for one of a VM */
export async function openCoreBackup(
  source: BackupSource,
  opener: Opener | undefined,
): Promise<OpenCoreBackup> {
  const { name: file, bytes } = source;
  const found = opener && (await readFirst(source, opener));
  const header = coreBackupHeaderSchema.safeParse(found?.first);
  if (found && header.success) return { file, bytes, header: header.data, reader: found.reader };
  if (!found || backupHeaderSchema.safeParse(found.first).success) {
    throw new AlfredError(
      'E_BACKUP',
      `${file} is no backup of an Alfred Core, but of a VM or its database.`,
      {
        remedy: 'npx alfred backup verify, or restore.',
      },
    );
  }
  throw unknownFormat(file);
}

async function readFirst(source: BackupSource, opener: Opener) {
  const reader = new DumpReader(decompress(source.name, decrypt(source, opener)));
  return { first: parseJson((await reader.line()) ?? ''), reader };
}

const unknownFormat = (file: string): AlfredError =>
  new AlfredError('E_BACKUP', `${file} holds no backup that this version of Alfred can read.`, {
    remedy: 'Read it with the version that made it, or a newer one.',
  });

async function* decompress(file: string, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // What goes wrong ends the stream with its error, and is thrown where it is read.
  const text = pipeline(pieces, createZstdDecompress({ chunkSize: zstdPieceBytes }), () => {});
  try {
    yield* text as AsyncIterable<Uint8Array>;
  } catch (cause) {
    if (isAlfredError(cause)) throw cause;
    throw new AlfredError('E_BACKUP', `${file} is damaged: ${messageOf(cause)}.`, { cause });
  }
}

/**
 * Puts the files into `home`, where none of them is yet.
 *
 * @returns how many there were
 * @throws AlfredError E_BACKUP for a name that leads elsewhere
 */
export async function restoreFiles(
  { file: name, header, reader }: OpenBackup | OpenCoreBackup,
  home: string,
): Promise<number> {
  if (!header) return 0;
  for (let count = 0; ; count++) {
    const line = await reader.line();
    const parsed = line?.startsWith('{"file"') ? fileLineSchema.safeParse(parseJson(line)) : undefined;
    if (!parsed) {
      if (line !== undefined) reader.putBack(line);
      return count;
    }
    if (!parsed.success) {
      throw new AlfredError(
        'E_BACKUP',
        `${name} holds a file that is none of a home: it was not made by Alfred.`,
      );
    }
    const { file, mode } = parsed.data;
    await mkdir(path.dirname(path.join(home, file)), { recursive: true, mode: 0o700 });
    const handle = await open(path.join(home, file), 'wx', mode);
    try {
      for (;;) {
        const piece = await reader.line();
        if (piece === endOfRows) break;
        if (piece === undefined) throw new AlfredError('E_BACKUP', `${name} ends in the middle of a file.`);
        await handle.write(Buffer.from(piece, 'base64'));
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

/** Undefined for what is no JSON, which a schema then refuses. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
