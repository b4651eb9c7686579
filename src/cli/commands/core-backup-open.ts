/** `alfred core backup verify` and `restore`: what is done with a backup of Core that is there. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { readCoreSettings } from '../../../core/settings.ts';
import type { OpenCoreBackup } from '../../backup/open-backup.ts';
import { acquireHomeLock } from '../../processes/home-lock.ts';
import { openerOf, quietLog } from '../backup-inputs.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { coreSource } from '../core-backup-inputs.ts';
import { exitCodes } from '../exit-codes.ts';
import { loadServer } from '../load-server.ts';
import { refusedProblem } from '../problem.ts';
import { askYes } from '../prompts.ts';
import { formatCount, formatFullTime, plural } from '../render/figures.ts';
import { withStages } from '../stage-line.ts';
import { addStoreOptions, type StoreOptions } from '../store-inputs.ts';

type OpenOptions = StoreOptions & { passphraseStdin?: boolean; identity?: string };

export function addCoreBackupVerify(noun: Command, dispatch: Dispatch): void {
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

export function addCoreBackupRestore(noun: Command, dispatch: Dispatch): void {
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
  addStoreOptions(
    command
      .option('--passphrase-stdin', 'read the passphrase from standard input')
      .option('--identity <file>', 'the private key of a recipient, as age-keygen wrote it'),
  );

async function openFileNamed(context: Context, file: string, options: OpenOptions): Promise<OpenCoreBackup> {
  const { openCoreBackup } = await import('../../backup/open-backup.ts');
  const source = await coreSource(context, file, options);
  return await openCoreBackup(source, await openerOf(context, source, options));
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
