/** `alfred core …`: the VM's link to Core, and Core itself. */
import type { Command } from 'commander';
import type { Dispatch } from '../command.ts';
import { addCoreRotateKey } from './core-rotate-key.ts';
import { addCoreServe } from './core-serve.ts';

export function addCoreCommands(noun: Command, dispatch: Dispatch): void {
  addCoreServe(noun, dispatch);
  addCoreRotateKey(noun, dispatch);
}
