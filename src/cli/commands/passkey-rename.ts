import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { findPasskey } from '../find-passkey.ts';

export function addPasskeyRename(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'rename <passkey> <name>',
    summary: 'call a passkey, named by its id or its name, something else',
    examples: [['alfred passkey rename "my laptop" "my old laptop"', 'so that it is told from the next one']],
    async run(context, [named = '', name = '']) {
      const api = await context.api();
      const { id } = await findPasskey(api, named);
      const passkey = await api.renamePasskey({ params: { id }, body: { name } });
      present(
        context,
        passkey,
        () => `${context.out.green('✓')} it is ${context.out.bold(passkey.name)} from now on`,
      );
      return undefined;
    },
  });
}
