/** `alfred key …` */
import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { renderVault } from '../render/vault.ts';
import { addKeyRestore } from './key-restore.ts';
import { addKeyRotate } from './key-rotate.ts';
import { addKeyShowRecovery } from './key-show-recovery.ts';

export function addKeyCommands(noun: Command, dispatch: Dispatch): void {
  addKeyStatus(noun, dispatch);
  addKeyRotate(noun, dispatch);
  addKeyShowRecovery(noun, dispatch);
  addKeyRestore(noun, dispatch);
}

function addKeyStatus(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'status',
    summary: 'which keys are in use, who holds them, and how far a change of them is',
    examples: [['alfred key status', 'fingerprints alone; no key is shown']],
    async run(context) {
      const vault = await (await context.api()).showVault();
      present(context, vault, () => renderVault(vault, context.out, context.now()));
      return undefined;
    },
  });
}
