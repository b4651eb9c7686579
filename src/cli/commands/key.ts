/** `alfred key …` */
import type { Command } from 'commander';
import type { Dispatch } from '../command.ts';

export function addKeyCommands(_noun: Command, _dispatch: Dispatch): void {}
