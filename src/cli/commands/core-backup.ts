/** `alfred core backup …`: everything of a Core in one encrypted file, as a VM's backups are. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { readCoreSettings } from '../../../core/settings.ts';
import type { OpenCoreBackup } from '../../backup/open-backup.ts';
import { acquireHomeLock } from '../../processes/home-lock.ts';
import { newPassphrase, openerOf, quietLog } from '../backup-inputs.ts';
import { addVerb, collect, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { loadServer } from '../load-server.ts';
import { refusedProblem, usageProblem } from '../problem.ts';
import { askYes } from '../prompts.ts';
import { formatBytes, formatCount, formatFullTime, plural } from '../render/figures.ts';
import { withStages } from '../stage-line.ts';

type OpenOptions = { passphraseStdin?: boolean; identity?: string };

export function addCoreBackup(noun: Command, dispatch: Dispatch): void {
  const backup = noun
    .command('backup')
    .description('everything of this Core in one encrypted file: make, verify, restore; for providers')
    .helpCommand(false);
  addCreate(backup, dispatch);
  addVerify(backup, dispatch);
  addRestore(backup, dispatch);
}

function addCreate(noun: Command, dispatch: Dispatch): void {
  addVerb<{ to?: string; passphraseStdin?: boolean; recipient?: string[] }>(noun, dispatch, {
    usage: 'create',
    summary: 'write everything of this Core into one encrypted file',
    description:
      'While Core runs, and while it is stopped: its database and its keys, which VMs trust, so keep it as safe as them. The operator’s token is not in it. Anybody’s age opens the file.',
    examples: [
      ['alfred core backup create', 'into $CORE_HOME/backups; asks for a passphrase'],
      ['alfred core backup create --recipient age1… --to /mnt/backups/', 'by a timer: asks nothing'],
    ],
    options: (command) =>
      command
        .option('--to <place>', 'a file that is not there yet, or a folder')
        .option('--passphrase-stdin', 'read the passphrase from standard input')
        .option('--recipient <key>', 'a public key of age; may be given more than once', collect),
    async run(context, _operands, { to, passphraseStdin = false, recipient = [] }) {
      if (recipient.length > 0 && passphraseStdin)
        throw usageProblem('A backup is for a passphrase or for recipients, not for both');
      const { home, databaseUrl } = readCoreSettings(context.env);
      requireCore(home, databaseUrl);
      const sealedFor =
        recipient.length > 0
          ? { recipients: recipient }
          : { passphrase: await newPassphrase(context, passphraseStdin) };
      const { folder, name } = whereTo(context, to ?? path.join(home, 'backups/'));
      const log = await quietLog(context);
      const stop = new AbortController();
      const off = context.onInterrupt(() => stop.abort());
      try {
        const made = await withStages(context, 'backing up', async (onProgress) => {
          const { createCoreBackup } = await loadServer(
            () => import('../../../core/backup/core-backup.ts'),
            onProgress,
          );
          const { folderPlace } = await import('../../backup/folder-place.ts');
          const { openHomeDatabase } = await import('../../backup/home-database.ts');
          const database = await openHomeDatabase({ home, databaseUrl }, { log, onProgress });
          try {
            return await createCoreBackup(
              { home, url: database.url },
              { place: folderPlace(folder), name, to: sealedFor, signal: stop.signal, onProgress },
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
        context.note(
          err.dim(`the signing key ${made.signingKey} is in it: keep it as safe as $CORE_HOME/keys`),
        );
        return undefined;
      } finally {
        off();
      }
    },
  });
}

function addVerify(noun: Command, dispatch: Dispatch): void {
  addVerb<OpenOptions>(noun, dispatch, {
    usage: 'verify <file>',
    summary: 'see whether a backup of Core can be restored, all of it',
    description:
      'Restores it into a database of its own, looks for the signing key, walks the chain of acts, and removes it again. Changes nothing; Core may run meanwhile.',
    examples: [['alfred core backup verify FILE', 'ends with 1 when something of it could not be used']],
    options: addOpenOptions,
    async run(context, [file = ''], options) {
      const backup = await openFileNamed(context, file, options);
      const { home } = readCoreSettings(context.env);
      const log = await quietLog(context);
      const result = await withStages(context, 'looking at it', async (onProgress) => {
        const { verifyCoreBackup } = await loadServer(
          () => import('../../../core/backup/core-backup.ts'),
          onProgress,
        );
        return await verifyCoreBackup(backup, { home, log, onProgress });
      });
      const { out } = context;
      present(context, result, ({ ok, createdAt, rows, vms, reports, key, audit }) =>
        [
          ok
            ? `${out.green('✓')} the backup of ${formatFullTime(createdAt)} can be restored`
            : `${out.red('✗')} not all of the backup of ${formatFullTime(createdAt)} can be used`,
          `  ${plural(rows, 'row')}: ${plural(vms, 'VM')}, ${plural(reports, 'report')}`,
          key ? '  the signing key that VMs trust is in it' : out.red('  the signing key is not in it'),
          audit.ok
            ? `  the chain of acts is as it was written: ${formatCount(audit.acts)} acts`
            : out.red(`  The chain of acts was changed before the backup, at act ${audit.firstBad}`),
        ].join('\n'),
      );
      return result.ok ? exitCodes.done : exitCodes.failed;
    },
  });
}

function addRestore(noun: Command, dispatch: Dispatch): void {
  addVerb<OpenOptions & { yes?: boolean }>(noun, dispatch, {
    usage: 'restore <file>',
    summary: 'put a backup of Core in the place of what is in its home',
    description:
      'On this machine or a new one, while no Core runs on the home. It is made beside what is there and looked at first; then all of it changes at once, and what was there is kept in before-restore-…. Everybody is signed out, and every named token is ended: make those anew that are wanted. What VMs reported since they send again by themselves.',
    examples: [
      ['alfred core backup restore FILE', 'says what it would replace, and asks'],
      ['alfred core backup restore FILE --identity key.txt --yes', 'asks nothing'],
    ],
    options: (command) =>
      addOpenOptions(command).option('--yes', 'replace what is in the home without asking'),
    async run(context, [file = ''], options) {
      const { home, databaseUrl } = readCoreSettings(context.env);
      const lock = await acquireHomeLock(home, { patienceMs: 0 });
      try {
        const { finishSwap } = await import('../../backup/swap-home.ts');
        await finishSwap(home);
        const backup = await openFileNamed(context, file, options);
        await confirm(context, backup, home, options.yes === true);
        const log = await quietLog(context);
        const done = await withStages(context, 'restoring', async (onProgress) => {
          const { restoreCoreBackup } = await loadServer(
            () => import('../../../core/backup/core-backup.ts'),
            onProgress,
          );
          return await restoreCoreBackup(backup, { home, databaseUrl, log, onProgress });
        });
        const { out, err } = context;
        present(context, done, ({ createdAt, vms, reports, aside }) =>
          [
            `${out.green('✓')} ${home} is as the backup of ${formatFullTime(createdAt)} has it`,
            `  ${plural(vms, 'VM')}, ${plural(reports, 'report')}`,
            ...(aside === null ? [] : [`  What was there is in ${aside}. Remove it when you miss nothing.`]),
          ].join('\n'),
        );
        context.note(err.dim('now start it: npx alfred core serve'));
        return undefined;
      } finally {
        await lock.release();
      }
    },
  });
}

const addOpenOptions = (command: Command): Command =>
  command
    .option('--passphrase-stdin', 'read the passphrase from standard input')
    .option('--identity <file>', 'the private key of a recipient, as age-keygen wrote it');

async function openFileNamed(context: Context, file: string, options: OpenOptions): Promise<OpenCoreBackup> {
  const { openFile } = await import('../../backup/folder-place.ts');
  const { openCoreBackup } = await import('../../backup/open-backup.ts');
  const source = await openFile(path.resolve(file));
  return await openCoreBackup(source, await openerOf(context, source, options));
}

function requireCore(home: string, databaseUrl: string | undefined): void {
  if (databaseUrl !== undefined || existsSync(path.join(home, 'postgres'))) return;
  throw usageProblem(`No Core was ever started on ${home}`, 'set CORE_HOME to the home of the one you mean');
}

/** A folder gets a file with the time in its name. */
function whereTo(context: Context, to: string): { folder: string; name: string } {
  const isFolder = to.endsWith('/') || statSync(to, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder) return { folder: path.dirname(path.resolve(to)), name: path.basename(to) };
  const name = `alfred-core-${context.now().toISOString().replaceAll(':', '-')}.age`;
  return { folder: path.resolve(to), name };
}

/** Nothing is replaced without a word. */
async function confirm(
  context: Context,
  { header }: OpenCoreBackup,
  home: string,
  isSure: boolean,
): Promise<void> {
  if (isSure || !existsSync(path.join(home, 'keys'))) return;
  const what = `the backup of ${formatFullTime(header.createdAt)}`;
  if (context.json || !context.canAsk)
    throw refusedProblem(`${what} would take the place of what is in ${home}`, 'say --yes if it shall');
  const question = `put ${what} in the place of what is in ${home}? what is there is kept beside it`;
  if (!(await askYes(context, question))) throw refusedProblem('nothing was changed');
}
