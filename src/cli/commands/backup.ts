/** `alfred backup …` */
import path from 'node:path';
import type { Command } from 'commander';
import { placeNamed, placeOfHome } from '../backup-inputs.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { presentBackups } from '../present-backups.ts';
import { addStoreOptions, type StoreOptions } from '../store-inputs.ts';
import { addBackupCreate } from './backup-create.ts';
import { addBackupRestore } from './backup-restore.ts';
import { addBackupVerify } from './backup-verify.ts';

export function addBackupCommands(noun: Command, dispatch: Dispatch): void {
  addBackupCreate(noun, dispatch);
  addBackupList(noun, dispatch);
  addBackupVerify(noun, dispatch);
  addBackupRestore(noun, dispatch);
}

function addBackupList(noun: Command, dispatch: Dispatch): void {
  addVerb<StoreOptions & { to?: string }>(noun, dispatch, {
    usage: 'list',
    summary: 'what backups there are, the newest first',
    description:
      'In the place that is set (backup_to), or backups/ of the home; the dumps from before migrations, which are there, too.',
    examples: [
      ['alfred backup list --to s3://bucket/alfred', 'on another machine: asks for the key of the store'],
    ],
    options: (command) => addStoreOptions(command.option('--to <place>', 'a folder, or s3://bucket/prefix')),
    async run(context, _operands, options) {
      const { to } = options;
      const place =
        to === undefined
          ? await placeOfHome(context, path.join(context.settings().home, 'backups'))
          : await placeNamed(context, to, options);
      await presentBackups(context, place);
      return undefined;
    },
  });
}
