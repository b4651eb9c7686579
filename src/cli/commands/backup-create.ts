import { statSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import type { SealedFor } from '../../backup/age.ts';
import type { OpenHome, StoredBackups } from '../../backup/back-up-home.ts';
import type { BackupPlace } from '../../backup/backup-place.ts';
import type { CreatedBackup } from '../../backup/create-backup.ts';
import { newPassphrase, placeNamed, quietLog } from '../backup-inputs.ts';
import { addVerb, collect, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { loadServer } from '../load-server.ts';
import { usageProblem } from '../problem.ts';
import { formatBytes, plural } from '../render/figures.ts';
import { withStages } from '../stage-line.ts';
import { addStoreOptions, type StoreOptions } from '../store-inputs.ts';

type Options = StoreOptions & {
  to?: string;
  passphrase?: boolean;
  passphraseStdin?: boolean;
  recipient?: string[];
  withKey?: boolean;
};

export function addBackupCreate(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'create',
    summary: 'write everything of this VM into one encrypted file',
    description:
      'While the VM runs, and while it is stopped. The secrets in it stay sealed under the root key, which is not in it: keep its 24 words (alfred key show-recovery) apart from the backups, or say --with-key. Anybody’s age opens the file.',
    examples: [
      [
        'alfred backup create',
        'as by schedule: for the public keys and to the place that are set; or asks for a passphrase',
      ],
      [
        'alfred backup create --to /mnt/usb --passphrase',
        'into a folder of yours, or a file; asks for a passphrase',
      ],
      ['alfred backup create --to s3://bucket/alfred', 'into a store that speaks S3'],
      ['alfred backup create --recipient age1…', 'for a public key: no passphrase is needed on this machine'],
    ],
    options: (command) =>
      addStoreOptions(
        command
          .option('--to <place>', 'a file that is not there yet, a folder, or s3://bucket/prefix')
          .option('--passphrase', 'ask for a passphrase, also where public keys are set')
          .option('--passphrase-stdin', 'read the passphrase from standard input')
          .option('--recipient <key>', 'a public key of age; may be given more than once', collect)
          .option('--with-key', 'take the root key in: whoever opens the backup has every secret'),
      ),
    run: (context, _operands, options) => create(context, options),
  });
}

async function create(context: Context, options: Options): Promise<undefined> {
  if (isForBoth(options)) {
    throw usageProblem('A backup is for a passphrase or for recipients, not for both');
  }
  const settings = context.settings();
  const log = await quietLog(context);
  const home = await withStages(context, 'backing up', async (onProgress) => {
    const { openHome } = await loadServer(() => import('../../backup/back-up-home.ts'), onProgress);
    return await openHome(settings, { log, onProgress });
  });
  const stop = new AbortController();
  const off = context.onInterrupt(() => stop.abort());
  try {
    const stored = storedOf(context, home);
    const to = await sealedFor(context, options, stored);
    const { place, name } = await whereTo(context, options, stored);
    const made = await withStages(context, 'backing up', async (onProgress) => {
      const { backUpHome } = await import('../../backup/back-up-home.ts');
      const withKey = options.withKey === true;
      return await backUpHome(home, settings, {
        place,
        name,
        to,
        withKey,
        actor: 'owner',
        onProgress,
        signal: stop.signal,
      });
    });
    show(context, made);
    return undefined;
  } finally {
    off();
    await home.close();
  }
}

function show(context: Context, made: CreatedBackup): void {
  present(context, made, ({ file, bytes, textBytes, files }) => {
    const { out } = context;
    const what = `the database and ${plural(files, 'file')}, ${formatBytes(textBytes)} before compression`;
    return `${out.green('✓')} ${out.bold(file)}, ${formatBytes(bytes)}: ${what}`;
  });
  const key = made.withKey
    ? 'the root key is in it: whoever opens it has every secret'
    : `its secrets open with the root key ${made.rootKey}, which is not in it: alfred key show-recovery`;
  context.note(context.err.dim(key));
}

const isForBoth = ({ recipient = [], passphrase, passphraseStdin }: Options): boolean =>
  recipient.length > 0 && (passphrase === true || passphraseStdin === true);

/** What the settings say, or nothing and why. */
function storedOf(context: Context, { stored }: OpenHome): Partial<StoredBackups> {
  if (!('unreadable' in stored)) return stored;
  context.note(context.err.dim(`the settings of backups are not looked at: ${stored.unreadable}`));
  return {};
}

async function sealedFor(
  context: Context,
  { recipient = [], passphrase, passphraseStdin = false }: Options,
  { recipients = [] }: Partial<StoredBackups>,
): Promise<SealedFor> {
  if (recipient.length > 0) return { recipients: recipient };
  const isForStored = recipients.length > 0 && passphrase !== true && !passphraseStdin;
  if (!isForStored) return { passphrase: await newPassphrase(context, passphraseStdin) };
  context.note(
    context.err.dim(`for ${plural(recipients.length, 'public key')} that backup_recipients names`),
  );
  return { recipients };
}

/** A folder, or a bucket, gets a file with the time in its name. */
async function whereTo(
  context: Context,
  options: Options,
  stored: Partial<StoredBackups>,
): Promise<{ place: BackupPlace; name: string }> {
  const name = `alfred-${context.now().toISOString().replaceAll(':', '-')}.age`;
  const { to } = options;
  if (to === undefined && stored.place) return { place: stored.place, name };
  const place = to ?? path.join(context.settings().home, 'backups/');
  const isWhole =
    place.startsWith('s3://') ||
    place.endsWith('/') ||
    statSync(place, { throwIfNoEntry: false })?.isDirectory();
  if (isWhole) return { place: await placeNamed(context, place, options, stored.store), name };
  const file = path.resolve(place);
  return { place: await placeNamed(context, path.dirname(file), options), name: path.basename(file) };
}
