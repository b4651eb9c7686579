/** `alfred passkey …` */
import type { Command } from 'commander';
import type { Dispatch } from '../command.ts';
import { addPasskeyAdd } from './passkey-add.ts';
import { addPasskeyList } from './passkey-list.ts';
import { addPasskeyRemove } from './passkey-remove.ts';
import { addPasskeyRename } from './passkey-rename.ts';

export function addPasskeyCommands(noun: Command, dispatch: Dispatch): void {
  addPasskeyList(noun, dispatch);
  addPasskeyAdd(noun, dispatch);
  addPasskeyRename(noun, dispatch);
  addPasskeyRemove(noun, dispatch);
}
