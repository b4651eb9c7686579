/** `alfred backup …` */
import type { Command } from 'commander';
import type { Dispatch } from '../command.ts';
import { addBackupCreate } from './backup-create.ts';
import { addBackupList } from './backup-list.ts';
import { addBackupRestore } from './backup-restore.ts';
import { addBackupVerify } from './backup-verify.ts';

export function addBackupCommands(noun: Command, dispatch: Dispatch): void {
  addBackupCreate(noun, dispatch);
  addBackupList(noun, dispatch);
  addBackupVerify(noun, dispatch);
  addBackupRestore(noun, dispatch);
}
