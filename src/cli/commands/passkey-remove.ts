import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { findPasskey } from '../find-passkey.ts';
import { confirmOrStop } from '../prompts.ts';

export function addPasskeyRemove(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'remove <passkey>',
    summary: 'a passkey, named by its id or its name, signs nobody in any more',
    examples: [
      ['alfred passkey remove "my old phone"', 'and the browsers that came in by it are signed out'],
    ],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    async run(context, [named = ''], { yes }) {
      const api = await context.api();
      const passkey = await findPasskey(api, named);
      await confirmOrStop(context, `remove ${passkey.name}? who came in by it is signed out`, yes === true);
      const answer = await api.removePasskey({ params: { id: passkey.id } });
      present(
        context,
        { removed: passkey.id, ...answer },
        () => `${context.out.green('✓')} ${context.out.bold(passkey.name)} signs nobody in any more`,
      );
      return undefined;
    },
  });
}
