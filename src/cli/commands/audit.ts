import type { Command } from 'commander';
import type { Dispatch } from '../command.ts';
import { addAuditAcceptRestore } from './audit-accept-restore.ts';
import { addAuditList } from './audit-list.ts';
import { addAuditVerify } from './audit-verify.ts';

export function addAuditCommands(noun: Command, dispatch: Dispatch): void {
  addAuditVerify(noun, dispatch);
  addAuditList(noun, dispatch);
  addAuditAcceptRestore(noun, dispatch);
}
