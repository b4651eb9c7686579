/** `alfred config …` */
import type { Command } from 'commander';
import type { Dispatch } from '../command.ts';
import { addConfigGet } from './config-get.ts';
import { addConfigList } from './config-list.ts';
import { addConfigSet } from './config-set.ts';

export function addConfigCommands(noun: Command, dispatch: Dispatch): void {
  addConfigList(noun, dispatch);
  addConfigGet(noun, dispatch);
  addConfigSet(noun, dispatch);
}
