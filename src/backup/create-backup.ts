import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readWitnessAt, type WitnessAt, witnessFiles } from '../audit/witness-at.ts';
import { dumpTables, openSnapshot, type Snapshot } from '../database/dump.ts';
import { endOfRows } from '../database/dump-format.ts';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError, isAlfredError, messageOf } from '../kernel/errors.ts';
import type { Settings } from '../kernel/settings.ts';
import { version } from '../kernel/version.ts';
import { readIdentity } from '../vault/read-identity.ts';
import { findRootKey } from '../vault/root-key.ts';
import { type BackupHeader, backupFormat, isKeyOf } from './backup-format.ts';
import { encodeFile, findHomeFiles } from './home-files.ts';
import { lineOf, type WriteOptions, type WrittenBackup, writeBackup } from './write-backup.ts';

export type CreateDeps = { url: string; settings: Pick<Settings, 'home' | 'rootKey'> };

export type CreateOptions = WriteOptions & {
  /** Takes the root key in: whoever opens the backup then has every secret. */
  withKey?: boolean;
  onProgress?: (line: string) => void;
};

export type CreatedBackup = WrittenBackup & {
  files: number;
  withKey: boolean;
  vaultId: string;
  rootKey: string;
  createdAt: string;
};

/** Of a VM that writes four times a second, there is a moment between two batches. */
const patientReads = 40;

/**
 * Writes a backup (0600): all tables as they are at one moment, the record outside the database as it was then, and the
 * files of the home. The VM goes on working meanwhile. The file is whole, or not there.
 *
 * @throws AlfredError E_BACKUP where no VM was ever started, or the database or the place fails; E_DISK_FULL; E_CONFLICT;
 *   E_VALIDATION for a passphrase or a recipient; E_KEY_MISSING when the root key shall go in and is not there
 */
export async function createBackup(deps: CreateDeps, options: CreateOptions): Promise<CreatedBackup> {
  const counted = { files: 0 };
  try {
    const { snapshot, witness } = await openMoment(deps);
    try {
      const header = await makeHeader(snapshot, deps, options);
      const text = textOf({ header, snapshot, witness, deps, options, counted });
      const written = await writeBackup(text, header, options);
      const { createdAt, vaultId, rootKey, key } = header;
      return {
        ...written,
        files: counted.files,
        withKey: key !== undefined,
        vaultId,
        rootKey,
        createdAt,
      };
    } finally {
      await snapshot.close();
    }
  } catch (error) {
    if (isAlfredError(error)) throw error;
    throw new AlfredError('E_BACKUP', `No backup was made: ${messageOf(error)}`, { cause: error });
  }
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
    createdAt: timeNow().toISOString(),
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
  counted: { files: number };
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
