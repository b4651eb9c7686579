/** `alfred session …` */
import type { Command } from 'commander';
import type { Dispatch } from '../command.ts';
import { addSessionEnd } from './session-end.ts';
import { addSessionList } from './session-list.ts';

export function addSessionCommands(noun: Command, dispatch: Dispatch): void {
  addSessionList(noun, dispatch);
  addSessionEnd(noun, dispatch);
}
