/** `alfred token …` */
import type { Command } from 'commander';
import type { Dispatch } from '../command.ts';
import { addTokenCreate } from './token-create.ts';
import { addTokenList } from './token-list.ts';
import { addTokenRevoke } from './token-revoke.ts';

export function addTokenCommands(noun: Command, dispatch: Dispatch): void {
  addTokenList(noun, dispatch);
  addTokenCreate(noun, dispatch);
  addTokenRevoke(noun, dispatch);
}
