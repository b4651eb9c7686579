import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createZstdCompress } from 'node:zlib';
import { readWitnessAt, type WitnessAt, witnessFiles } from '../audit/witness-at.ts';
import { dumpTables, openSnapshot, type Snapshot } from '../database/dump.ts';
import { endOfRows } from '../database/dump-format.ts';
import { isDiskFull } from '../database/is-disk-full.ts';
import { freeBytes } from '../kernel/disk-room.ts';
import { AlfredError, isAlfredError, messageOf } from '../kernel/errors.ts';
import type { Settings } from '../kernel/settings.ts';
import { version } from '../kernel/version.ts';
import { writeWhole } from '../kernel/write-whole.ts';
import { readIdentity } from '../vault/read-identity.ts';
import { findRootKey } from '../vault/root-key.ts';
import { encryptFor, type SealedFor } from './age.ts';
import { type BackupHeader, backupFormat, isKeyOf } from './backup-format.ts';
import { encodeFile, findHomeFiles } from './home-files.ts';

export type CreateDeps = { url: string; settings: Pick<Settings, 'home' | 'rootKey'> };

export type CreateOptions = {
  /** The file that comes to be. */
  file: string;
  to: SealedFor;
  /** Takes the root key in: whoever opens the backup then has every secret. */
  withKey?: boolean;
  onProgress?: (line: string) => void;
  /** Aborted: it is given up, and nothing is left of it. */
  signal?: AbortSignal | undefined;
};

export type CreatedBackup = {
  file: string;
  /** Of the file, and of what was put into it. */
  bytes: number;
  textBytes: number;
  files: number;
  withKey: boolean;
  vaultId: string;
  rootKey: string;
  createdAt: string;
};

/** A backup is this much smaller than its database, at the very least: with less room it is not begun. */
const leastPart = 20;
/** Of a VM that writes four times a second, there is a moment between two batches. */
const patientReads = 40;

/**
 * Writes a backup (0600): all tables as they are at one moment, the record outside the database as it was then, and the
 * files of the home. The VM goes on working meanwhile. `file` is whole, or not there.
 *
 * @throws AlfredError E_BACKUP where no VM was ever started, or the database fails; E_DISK_FULL; E_VALIDATION for a
 *   passphrase or a recipient; E_KEY_MISSING when the root key shall go in and is not there
 */
export async function createBackup(deps: CreateDeps, options: CreateOptions): Promise<CreatedBackup> {
  const file = path.resolve(options.file);
  const encrypt = encryptFor(options.to);
  const counted = { bytes: 0, files: 0 };
  let header: BackupHeader | undefined;
  try {
    await refuseOver(file);
    const { snapshot, witness } = await openMoment(deps);
    try {
      const made = await makeHeader(snapshot, deps, options);
      header = made;
      await writeWhole(file, async (unfinished) => {
        await refuseWithoutRoom(path.dirname(file), made.databaseBytes);
        await pipeline(
          Readable.from(count(textOf({ header: made, snapshot, witness, deps, options, counted }), counted), {
            objectMode: false,
          }),
          createZstdCompress(),
          encrypt,
          createWriteStream(unfinished, { mode: 0o600, flags: 'wx' }),
          options.signal === undefined ? {} : { signal: options.signal },
        );
      });
    } finally {
      await snapshot.close();
    }
  } catch (error) {
    throw troubleOf(error, file);
  }
  const { createdAt, vaultId, rootKey, key } = header;
  const { size: bytes } = await stat(file);
  return {
    file,
    bytes,
    textBytes: counted.bytes,
    files: counted.files,
    withKey: key !== undefined,
    vaultId,
    rootKey,
    createdAt,
  };
}

/** A moment of the database of which the record outside it says the same. */
async function openMoment({
  url,
  settings,
}: CreateDeps): Promise<{ snapshot: Snapshot; witness: WitnessAt }> {
  for (let tries = 1; ; tries++) {
    const snapshot = await openSnapshot(url);
    try {
      const witness = await readWitnessAt(settings.home, snapshot.client);
      if (witness) return { snapshot, witness };
      // Somebody else wrote to one of the two: what there is of the database is kept, and `audit verify` says more.
      if (tries === patientReads) return { snapshot, witness: { lines: [], head: undefined } };
    } catch (error) {
      await snapshot.close();
      throw error;
    }
    await snapshot.close();
    await sleep(25);
  }
}

async function makeHeader(
  { client }: Snapshot,
  { settings }: CreateDeps,
  { withKey = false }: CreateOptions,
): Promise<BackupHeader> {
  const identity = await readIdentity(client);
  if (!identity) {
    throw new AlfredError('E_BACKUP', 'The database is of no VM: there is nothing to back up.', {
      remedy: 'Start the VM once: npm start',
    });
  }
  const { rows } = await client.query<{ bytes: string }>(
    'SELECT pg_database_size(current_database()) AS bytes',
  );
  const found = withKey ? await findRootKey(settings) : undefined;
  if (withKey && !(found && isKeyOf(identity, found.fingerprint))) {
    throw new AlfredError('E_KEY_MISSING', `The root key ${identity.rootKey} was not found here.`, {
      remedy: 'Put it back, or make the backup without it.',
    });
  }
  return {
    format: backupFormat,
    createdAt: new Date().toISOString(),
    program: version,
    ...identity,
    databaseBytes: Number(rows[0]?.bytes ?? 0),
    ...(found ? { key: found.key.toString('base64') } : {}),
  };
}

type Parts = {
  header: BackupHeader;
  snapshot: Snapshot;
  witness: WitnessAt;
  deps: CreateDeps;
  options: CreateOptions;
  counted: { bytes: number; files: number };
};

async function* textOf(parts: Parts): AsyncGenerator<Uint8Array | string> {
  const { header, snapshot, witness, deps, options, counted } = parts;
  const { onProgress = () => {} } = options;
  const { home } = deps.settings;
  yield lineOf(header);
  onProgress('files of the home');
  for (const [file, text] of Object.entries(witnessFiles(witness))) {
    yield lineOf({ file, mode: 0o600 });
    yield `${Buffer.from(text).toString('base64')}\n${endOfRows}\n`;
  }
  for await (const line of findHomeFiles(home)) {
    counted.files += 1;
    yield lineOf(line);
    yield* encodeFile(path.join(home, line.file));
    yield `${endOfRows}\n`;
  }
  yield* dumpTables(snapshot, onProgress);
}

const lineOf = (line: unknown): string => `${JSON.stringify(line)}\n`;

async function* count<Piece extends Uint8Array | string>(
  pieces: AsyncIterable<Piece>,
  counted: { bytes: number },
): AsyncGenerator<Piece> {
  for await (const piece of pieces) {
    counted.bytes += piece.length;
    yield piece;
  }
}

async function refuseOver(file: string): Promise<void> {
  const there = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (!there) return;
  throw new AlfredError('E_CONFLICT', `${file} is there already, and is not written over.`, {
    remedy: 'Name another file, or a folder: then the file gets a name of its own.',
  });
}

async function refuseWithoutRoom(folder: string, databaseBytes: number): Promise<void> {
  const needed = Math.ceil(databaseBytes / leastPart);
  const free = await freeBytes(folder);
  if (free >= needed) return;
  throw new AlfredError(
    'E_DISK_FULL',
    `There are ${megabytes(free)} MB left in ${folder}, and a backup takes ${megabytes(needed)} MB at the very least.`,
    { remedy: 'Make room there, or name a folder on another disk.' },
  );
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

function troubleOf(error: unknown, file: string): AlfredError {
  if (isAlfredError(error)) return error;
  if (isDiskFull(error)) {
    return new AlfredError('E_DISK_FULL', `The disk of ${path.dirname(file)} is full: no backup was made.`, {
      remedy: 'Make room there, or name a folder on another disk.',
      cause: error,
    });
  }
  return new AlfredError('E_BACKUP', `No backup was made: ${messageOf(error)}`, { cause: error });
}
