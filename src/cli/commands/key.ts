/** `alfred key …` */
import type { Command } from 'commander';
import type { Dispatch } from '../command.ts';
import { addKeyRestore } from './key-restore.ts';
import { addKeyRotate } from './key-rotate.ts';
import { addKeyShowRecovery } from './key-show-recovery.ts';
import { addKeyStatus } from './key-status.ts';

export function addKeyCommands(noun: Command, dispatch: Dispatch): void {
  addKeyStatus(noun, dispatch);
  addKeyRotate(noun, dispatch);
  addKeyShowRecovery(noun, dispatch);
  addKeyRestore(noun, dispatch);
}
