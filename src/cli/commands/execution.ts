/** `alfred execution …` */
import type { Command } from 'commander';
import type { Dispatch } from '../command.ts';
import { addExecutionApprovals } from './execution-approvals.ts';
import { addExecutionApprove, addExecutionDeny } from './execution-approve.ts';
import { addExecutionCancel } from './execution-cancel.ts';
import { addExecutionExport } from './execution-export.ts';
import { addExecutionFilters } from './execution-filters.ts';
import { addExecutionList } from './execution-list.ts';
import { addExecutionMark } from './execution-mark.ts';
import { addExecutionPurge } from './execution-purge.ts';
import { addExecutionRead } from './execution-read.ts';
import { addExecutionCompare, addExecutionReplay } from './execution-replay.ts';
import { addExecutionRetry } from './execution-retry.ts';
import { addExecutionShow } from './execution-show.ts';
import { addExecutionWatch } from './execution-watch.ts';

export function addExecutionCommands(noun: Command, dispatch: Dispatch): void {
  addExecutionList(noun, dispatch);
  addExecutionShow(noun, dispatch);
  addExecutionWatch(noun, dispatch);
  addExecutionMark(noun, dispatch);
  addExecutionRead(noun, dispatch);
  addExecutionCancel(noun, dispatch);
  addExecutionRetry(noun, dispatch);
  addExecutionReplay(noun, dispatch);
  addExecutionCompare(noun, dispatch);
  addExecutionApprovals(noun, dispatch);
  addExecutionApprove(noun, dispatch);
  addExecutionDeny(noun, dispatch);
  addExecutionPurge(noun, dispatch);
  addExecutionExport(noun, dispatch);
  addExecutionFilters(noun, dispatch);
}
