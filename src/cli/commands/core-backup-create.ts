/** `alfred core backup create`: as by schedule, or as the command line says. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { readCoreSettings } from '../../../core/settings.ts';
import type { SealedFor } from '../../backup/age.ts';
import type { BackupPlace } from '../../backup/backup-place.ts';
import { newPassphrase, quietLog } from '../backup-inputs.ts';
import { addVerb, collect, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { corePlace } from '../core-backup-inputs.ts';
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
};

export function addCoreBackupCreate(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'create',
    summary: 'write everything of this Core into one encrypted file',
    description:
      'While Core runs, and while it is stopped: its database and its keys, which VMs trust, so keep it as safe as them. The operator’s token is not in it. Anybody’s age opens the file.',
    examples: [
      [
        'alfred core backup create',
        'for whom and where to CORE_BACKUP_RECIPIENTS and CORE_BACKUP_TO say; or into $CORE_HOME/backups, and asks for a passphrase',
      ],
      ['alfred core backup create --recipient age1… --to /mnt/backups/', 'asks nothing'],
      ['alfred core backup create --to s3://bucket/core', 'into a store that speaks S3'],
    ],
    options: (command) =>
      addStoreOptions(
        command
          .option('--to <place>', 'a file that is not there yet, a folder, or s3://bucket/prefix')
          .option('--passphrase', 'ask for a passphrase, also where public keys are set')
          .option('--passphrase-stdin', 'read the passphrase from standard input')
          .option('--recipient <key>', 'a public key of age; may be given more than once', collect),
      ),
    run: (context, _operands, options) => create(context, options),
  });
}

async function create(context: Context, options: Options): Promise<undefined> {
  const { home, databaseUrl } = readCoreSettings(context.env);
  requireCore(home, databaseUrl);
  const to = await sealedFor(context, options);
  const { place, name } = await whereTo(context, options);
  const log = await quietLog(context);
  const stop = new AbortController();
  const off = context.onInterrupt(() => stop.abort());
  try {
    const made = await withStages(context, 'backing up', async (onProgress) => {
      const { createCoreBackup } = await loadServer(
        () => import('../../../core/backup/core-backup.ts'),
        onProgress,
      );
      const { openHomeDatabase } = await import('../../backup/home-database.ts');
      const database = await openHomeDatabase({ home, databaseUrl }, { log, onProgress });
      try {
        return await createCoreBackup(
          { home, url: database.url },
          { place, name, to, signal: stop.signal, onProgress },
        );
      } finally {
        await database.close();
      }
    });
    const { out, err } = context;
    present(context, made, ({ file, bytes, textBytes }) =>
      [
        `${out.green('✓')} ${out.bold(file)}, ${formatBytes(bytes)}: the database and the keys, `,
        `${formatBytes(textBytes)} before compression`,
      ].join(''),
    );
    context.note(err.dim(`the signing key ${made.signingKey} is in it: keep it as safe as $CORE_HOME/keys`));
    return undefined;
  } finally {
    off();
  }
}

function requireCore(home: string, databaseUrl: string | undefined): void {
  if (databaseUrl !== undefined || existsSync(path.join(home, 'postgres'))) return;
  throw usageProblem(`No Core was ever started on ${home}`, 'set CORE_HOME to the home of the one you mean');
}

async function sealedFor(
  context: Context,
  { recipient = [], passphrase = false, passphraseStdin = false }: Options,
): Promise<SealedFor> {
  if (recipient.length > 0 && (passphrase || passphraseStdin))
    throw usageProblem('A backup is for a passphrase or for recipients, not for both');
  if (recipient.length > 0) return { recipients: recipient };
  const { recipients } = readCoreSettings(context.env).backups;
  if (recipients.length === 0 || passphrase || passphraseStdin)
    return { passphrase: await newPassphrase(context, passphraseStdin) };
  context.note(
    context.err.dim(`for ${plural(recipients.length, 'public key')} that CORE_BACKUP_RECIPIENTS names`),
  );
  return { recipients };
}

/** A folder, or a bucket, gets a file with the time in its name. */
async function whereTo(context: Context, options: Options): Promise<{ place: BackupPlace; name: string }> {
  const { to } = options;
  const isWhole =
    to === undefined ||
    to.startsWith('s3://') ||
    to.endsWith('/') ||
    statSync(to, { throwIfNoEntry: false })?.isDirectory() === true;
  const name = `alfred-core-${context.now().toISOString().replaceAll(':', '-')}.age`;
  if (isWhole) return { place: await corePlace(context, to, options), name };
  const file = path.resolve(to);
  return { place: await corePlace(context, path.dirname(file), options), name: path.basename(file) };
}
