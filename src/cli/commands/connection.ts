/** `alfred connection …` */
import type { Command } from 'commander';
import type { Dispatch } from '../command.ts';
import { addConnectionAdd } from './connection-add.ts';
import { addConnectionApprove } from './connection-approve.ts';
import { addConnectionDiscover } from './connection-discover.ts';
import { addConnectionEdit } from './connection-edit.ts';
import { addConnectionExport } from './connection-export.ts';
import { addConnectionImport } from './connection-import.ts';
import { addConnectionList } from './connection-list.ts';
import { addConnectionLogin } from './connection-login.ts';
import { addConnectionLogout } from './connection-logout.ts';
import { addConnectionRemove } from './connection-remove.ts';
import { addConnectionRename } from './connection-rename.ts';
import { addConnectionShow } from './connection-show.ts';
import { addConnectionTest } from './connection-test.ts';

export function addConnectionCommands(noun: Command, dispatch: Dispatch): void {
  addConnectionList(noun, dispatch);
  addConnectionShow(noun, dispatch);
  addConnectionAdd(noun, dispatch);
  addConnectionImport(noun, dispatch);
  addConnectionEdit(noun, dispatch);
  addConnectionApprove(noun, dispatch);
  addConnectionLogin(noun, dispatch);
  addConnectionLogout(noun, dispatch);
  addConnectionTest(noun, dispatch);
  addConnectionDiscover(noun, dispatch);
  addConnectionExport(noun, dispatch);
  addConnectionRename(noun, dispatch);
  addConnectionRemove(noun, dispatch);
}
