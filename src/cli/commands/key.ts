/** `alfred key …` */
import type { Command } from 'commander';
import type { Dispatch } from '../command.ts';
import { addKeyRestore } from './key-restore.ts';
import { addKeyShowRecovery } from './key-show-recovery.ts';

export function addKeyCommands(noun: Command, dispatch: Dispatch): void {
  addKeyShowRecovery(noun, dispatch);
  addKeyRestore(noun, dispatch);
}
