import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import type { FoundKey } from '../../backup/find-key.ts';
import type { OpenBackup } from '../../backup/open-backup.ts';
import type { RestoredBackup } from '../../backup/restore-backup.ts';
import { ownerActor } from '../../kernel/owner-actor.ts';
import { acquireHomeLock } from '../../processes/home-lock.ts';
import { findKey, noKey, type OpenerOptions, openNamed, quietLog, sourceNamed } from '../backup-inputs.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { loadServer } from '../load-server.ts';
import { refusedProblem } from '../problem.ts';
import { askYes } from '../prompts.ts';
import { formatCount, formatFullTime, plural } from '../render/figures.ts';
import { renderRestoredAccess } from '../render/restored-access.ts';
import { wrap } from '../render/text.ts';
import { withStages } from '../stage-line.ts';
import { addStoreOptions } from '../store-inputs.ts';

type RestoreVerbOptions = OpenerOptions & { yes?: boolean; keepAccess?: boolean };

export function addBackupRestore(noun: Command, dispatch: Dispatch): void {
  addVerb<RestoreVerbOptions>(noun, dispatch, {
    usage: 'restore <file>',
    summary: 'put a backup in the place of what is in the home',
    description:
      'On this machine or a new one, while no VM runs on the home. Asks for what is missing: the passphrase, the 24 words. It is made beside what is there, opened and looked at first; then all of it changes at once, and what was there is kept in before-restore-…. Tokens, apps and sign-ins of then are ended, as some may have been taken away since; passkeys and the password stay. Takes a dump of backups/ from before a migration as well.',
    examples: [
      ['alfred backup restore FILE', 'says what it would replace, and asks'],
      ['alfred backup restore FILE --identity key.txt --key-file words.txt --yes', 'asks nothing'],
    ],
    options: (command) =>
      addStoreOptions(
        command
          .option('--passphrase-stdin', 'read the passphrase from standard input')
          .option('--identity <file>', 'the private key of a recipient, as age-keygen wrote it')
          .option('--key-file <file>', 'a file with the root key, or with its 24 words')
          .option('--keep-access', 'leave the tokens, apps and sign-ins of then as they were')
          .option('--yes', 'replace what is in the home without asking'),
      ),
    async run(context, [file = ''], options) {
      const { home } = context.settings();
      // The key of a store may be in the home: that is read before it is this command's alone.
      const source = await sourceNamed(context, file, options);
      const lock = await acquireHomeLock(home, { patienceMs: 0 });
      try {
        const { finishSwap } = await import('../../backup/swap-home.ts');
        await finishSwap(home);
        const backup = await openNamed(context, source, options);
        const key = await findKey(context, backup, options.keyFile, true);
        if (!key) throw noKey(backup);
        await confirm(context, backup, options.yes === true);
        const done = await restore(context, backup, key, options.keepAccess === true);
        present(context, done, () => render(context, done));
        context.note(context.err.dim('now start it: npm start'));
        return undefined;
      } finally {
        await lock.release();
      }
    },
  });
}

async function restore(
  context: Context,
  backup: OpenBackup,
  key: FoundKey,
  keep: boolean,
): Promise<RestoredBackup> {
  const settings = context.settings();
  const log = await quietLog(context);
  return await withStages(context, 'restoring', async (onProgress) => {
    const { restoreBackup, settleAccess } = await loadServer(
      async () => ({
        ...(await import('../../backup/restore-backup.ts')),
        ...(await import('../../http/access/settle-access.ts')),
      }),
      onProgress,
    );
    return await restoreBackup(backup, {
      ...{ settings, key, actor: ownerActor, log, onProgress },
      settleAccess: (tx) => settleAccess(tx, { keep, actor: ownerActor }),
    });
  });
}

/** Nothing is replaced without a word. */
async function confirm(context: Context, { header }: OpenBackup, isSure: boolean): Promise<void> {
  const { home, databaseUrl } = context.settings();
  const isEmpty = !existsSync(path.join(home, 'postgres')) && !existsSync(path.join(home, 'keys'));
  if (isSure || (isEmpty && databaseUrl === undefined)) return;
  const what = header ? `the backup of ${formatFullTime(header.createdAt)}` : 'the dump';
  if (context.json || !context.canAsk) {
    throw refusedProblem(`${what} would take the place of what is in ${home}`, 'say --yes if it shall');
  }
  const question = `put ${what} in the place of what is in ${home}? what is there is kept beside it`;
  if (!(await askYes(context, question))) throw refusedProblem('nothing was changed');
}

function render({ out, columns = 100 }: Context, done: RestoredBackup): string {
  const { home, createdAt, executions, sealed, aside, lost, cancelled, toReconcile, access } = done;
  const what = createdAt === null ? 'the dump' : `the backup of ${formatFullTime(createdAt)}`;
  const lines = [
    `${plural(executions, 'execution')}; ${
      sealed.unreadable.length === 0
        ? `${plural(sealed.count, 'secret')}, and every one opens`
        : out.red(`these secrets do not open: ${sealed.unreadable.join(', ')}`)
    }`,
    ...(aside === null ? [] : [`What was there is in ${aside}. Remove it when you miss nothing.`]),
    ...(lost === 0 ? [] : [`${formatCount(lost)} acts on record came after it, and are not in it.`]),
    ...(cancelled === 0
      ? []
      : [
          `${plural(cancelled, 'run')} had not ended then, and may have since: cancelled, so that nothing is done twice. alfred execution retry runs one again.`,
        ]),
    ...(toReconcile === 0
      ? []
      : [
          `${plural(toReconcile, 'execution')} may have been told to Core since: it is asked before the next report.`,
        ]),
    ...renderRestoredAccess(access),
  ];
  return [
    `${out.green('✓')} ${home} is as ${what} has it`,
    ...lines.map((line) => wrap(line, columns, '  ')),
  ].join('\n');
}
