/** `alfred core …`: the VM's link to Core, and Core itself. */
import type { Command } from 'commander';
import type { Dispatch } from '../command.ts';
import { addCoreAlert } from './core-alert.ts';
import { addCoreAudit } from './core-audit.ts';
import { addCoreBackup } from './core-backup.ts';
import { addCoreBill } from './core-bill.ts';
import { addCoreEnrolment } from './core-enrolment.ts';
import { addCoreLink } from './core-link.ts';
import { addCorePreview } from './core-preview.ts';
import { addCoreReconcile } from './core-reconcile.ts';
import { addCoreReport } from './core-report.ts';
import { addCoreRotateKey } from './core-rotate-key.ts';
import { addCoreServe } from './core-serve.ts';
import { addCoreStatus } from './core-status.ts';
import { addCoreToken } from './core-token.ts';
import { addCoreUnlink } from './core-unlink.ts';
import { addCoreUser } from './core-user.ts';
import { addCoreVm } from './core-vm.ts';

export function addCoreCommands(noun: Command, dispatch: Dispatch): void {
  addCoreLink(noun, dispatch);
  addCoreStatus(noun, dispatch);
  addCorePreview(noun, dispatch);
  addCoreReport(noun, dispatch);
  addCoreReconcile(noun, dispatch);
  addCoreUnlink(noun, dispatch);
  addCoreServe(noun, dispatch);
  addCoreRotateKey(noun, dispatch);
  addCoreAudit(noun, dispatch);
  addCoreAlert(noun, dispatch);
  addCoreBackup(noun, dispatch);
  addCoreVm(noun, dispatch);
  addCoreEnrolment(noun, dispatch);
  addCoreBill(noun, dispatch);
  addCoreUser(noun, dispatch);
  addCoreToken(noun, dispatch);
}
