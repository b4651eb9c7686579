/** `alfred core backup …`: everything of a Core in one encrypted file, as a VM's backups are. */
import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { corePlace } from '../core-backup-inputs.ts';
import { exitCodes } from '../exit-codes.ts';
import { presentBackups } from '../present-backups.ts';
import { formatTime } from '../render/figures.ts';
import { renderFields } from '../render/table.ts';
import { addStoreOptions, type StoreOptions } from '../store-inputs.ts';
import { addCoreBackupCreate } from './core-backup-create.ts';
import { addCoreBackupRestore, addCoreBackupVerify } from './core-backup-open.ts';

export function addCoreBackup(noun: Command, dispatch: Dispatch): void {
  const backup = noun
    .command('backup')
    .description('everything of this Core in one encrypted file: make, verify, restore; for providers')
    .helpCommand(false);
  addCoreBackupCreate(backup, dispatch);
  addList(backup, dispatch);
  addStatus(backup, dispatch);
  addCoreBackupVerify(backup, dispatch);
  addCoreBackupRestore(backup, dispatch);
}

function addList(noun: Command, dispatch: Dispatch): void {
  addVerb<StoreOptions & { to?: string }>(noun, dispatch, {
    usage: 'list',
    summary: 'what backups of Core there are, the newest first',
    description: 'In the place that CORE_BACKUP_TO names, or backups/ of the home.',
    examples: [
      ['alfred core backup list --to s3://bucket/core', 'on another machine: asks for the key of the store'],
    ],
    options: (command) => addStoreOptions(command.option('--to <place>', 'a folder, or s3://bucket/prefix')),
    async run(context, _operands, options) {
      const place = await corePlace(context, options.to, options);
      await presentBackups(context, place);
      return undefined;
    },
  });
}

function addStatus(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'status',
    summary: 'when the last backup was made, and whether one is missing',
    examples: [['alfred core backup status', 'ends with 1 when one is overdue, or the last try failed']],
    async run(context) {
      const state = await (await context.core()).readBackups();
      const { out } = context;
      const at = (time: string | null) => (time === null ? 'never' : formatTime(time, context.now()));
      present(context, state, ({ schedule, to, last, nextAt, dueSince, isOverdue, failure }) =>
        renderFields(
          [
            ['schedule', schedule ?? 'none: start Core with CORE_BACKUP_SCHEDULE'],
            ['to', to ?? 'backups/ of the home'],
            ['last', at(last?.at ?? null)],
            ['next', schedule === null ? undefined : at(nextAt)],
            ['overdue', isOverdue ? out.red(`since ${at(dueSince)}`) : undefined],
            ['failed', failure ? out.red(`${at(failure.at)}: ${failure.message}`) : undefined],
          ],
          out.dim,
        ),
      );
      return state.isOverdue || state.failure !== null ? exitCodes.failed : exitCodes.done;
    },
  });
}
