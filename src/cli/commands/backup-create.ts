import { statSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import type { SealedFor } from '../../backup/age.ts';
import { newPassphrase, quietLog } from '../backup-inputs.ts';
import { addVerb, collect, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { loadServer } from '../load-server.ts';
import { usageProblem } from '../problem.ts';
import { formatBytes, plural } from '../render/figures.ts';
import { withStages } from '../stage-line.ts';

type Options = { to?: string; passphraseStdin?: boolean; recipient?: string[]; withKey?: boolean };

export function addBackupCreate(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'create',
    summary: 'write everything of this VM into one encrypted file',
    description:
      'While the VM runs, and while it is stopped. The secrets in it stay sealed under the root key, which is not in it: keep its 24 words (alfred key show-recovery) apart from the backups, or say --with-key. Anybody’s age opens the file.',
    examples: [
      ['alfred backup create', 'asks for a passphrase, and writes into backups/ of the home'],
      ['alfred backup create --to /mnt/usb', 'into a folder of yours, or a file'],
      ['alfred backup create --recipient age1…', 'for a public key: no passphrase is needed on this machine'],
    ],
    options: (command) =>
      command
        .option('--to <place>', 'a file that is not there yet, or a folder')
        .option('--passphrase-stdin', 'read the passphrase from standard input')
        .option('--recipient <key>', 'a public key of age; may be given more than once', collect)
        .option('--with-key', 'take the root key in: whoever opens the backup has every secret'),
    async run(context, _operands, options) {
      const settings = context.settings();
      const to = await sealedFor(context, options);
      const log = await quietLog(context);
      const stop = new AbortController();
      const off = context.onInterrupt(() => stop.abort());
      try {
        const made = await withStages(context, 'backing up', async (onProgress) => {
          const { backUpHome } = await loadServer(() => import('../../backup/back-up-home.ts'), onProgress);
          return await backUpHome(settings, {
            file: fileFor(options.to ?? `${path.join(settings.home, 'backups')}/`, context.now()),
            to,
            withKey: options.withKey === true,
            actor: 'owner',
            log,
            onProgress,
            signal: stop.signal,
          });
        });
        present(context, made, ({ file, bytes, textBytes, files }) => {
          const { out } = context;
          const what = `the database and ${plural(files, 'file')}, ${formatBytes(textBytes)} before compression`;
          return `${out.green('✓')} ${out.bold(file)}, ${formatBytes(bytes)}: ${what}`;
        });
        const key = made.withKey
          ? 'the root key is in it: whoever opens it has every secret'
          : `its secrets open with the root key ${made.rootKey}, which is not in it: alfred key show-recovery`;
        context.note(context.err.dim(key));
        return undefined;
      } finally {
        off();
      }
    },
  });
}

async function sealedFor(context: Context, options: Options): Promise<SealedFor> {
  const { recipient: recipients = [], passphraseStdin = false } = options;
  if (recipients.length === 0) return { passphrase: await newPassphrase(context, passphraseStdin) };
  if (passphraseStdin) throw usageProblem('A backup is for a passphrase or for recipients, not for both');
  return { recipients };
}

/** A folder gets a file with the time in its name. */
function fileFor(place: string, now: Date): string {
  const name = `alfred-${now.toISOString().replaceAll(':', '-')}.age`;
  const isFolder = place.endsWith('/') || statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? path.join(place, name) : path.resolve(place);
}
