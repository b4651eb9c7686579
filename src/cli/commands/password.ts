/** `alfred password …` */
import type { Command } from 'commander';
import type { Dispatch } from '../command.ts';
import { addPasswordRemove } from './password-remove.ts';
import { addPasswordSet } from './password-set.ts';

export function addPasswordCommands(noun: Command, dispatch: Dispatch): void {
  addPasswordSet(noun, dispatch);
  addPasswordRemove(noun, dispatch);
}
