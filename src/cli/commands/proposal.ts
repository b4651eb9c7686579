/** `alfred proposal …` */
import type { Command } from 'commander';
import type { Dispatch } from '../command.ts';
import { addProposalAccept, addProposalReject } from './proposal-decide.ts';
import { addProposalEdit } from './proposal-edit.ts';
import { addProposalList } from './proposal-list.ts';
import { addProposalRehearse } from './proposal-rehearse.ts';
import { addProposalShow } from './proposal-show.ts';

export function addProposalCommands(noun: Command, dispatch: Dispatch): void {
  addProposalList(noun, dispatch);
  addProposalShow(noun, dispatch);
  addProposalEdit(noun, dispatch);
  addProposalRehearse(noun, dispatch);
  addProposalAccept(noun, dispatch);
  addProposalReject(noun, dispatch);
}
