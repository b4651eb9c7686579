import type { Command } from 'commander';
import type { Dispatch } from '../command.ts';

export function addInit(_program: Command, _dispatch: Dispatch): void {}
