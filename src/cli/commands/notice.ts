/** `alfred notice …` */
import type { Command } from 'commander';
import type { Dispatch } from '../command.ts';
import { addNoticeAdd } from './notice-add.ts';
import { addNoticeChange } from './notice-change.ts';
import { addNoticeList } from './notice-list.ts';
import { addNoticeRemove } from './notice-remove.ts';
import { addNoticeTest } from './notice-test.ts';

export function addNoticeCommands(noun: Command, dispatch: Dispatch): void {
  addNoticeList(noun, dispatch);
  addNoticeAdd(noun, dispatch);
  addNoticeChange(noun, dispatch);
  addNoticeTest(noun, dispatch);
  addNoticeRemove(noun, dispatch);
}
