import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { confirmOrStop } from '../prompts.ts';

export function addPasswordRemove(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'remove',
    summary: 'the password signs nobody in any more',
    examples: [['alfred password remove', 'and the browsers that came in by it are signed out']],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    async run(context, _operands, { yes }) {
      const api = await context.api();
      await confirmOrStop(context, 'remove the password? who came in by it is signed out', yes === true);
      const answer = await api.removePassword();
      present(context, answer, () => `${context.out.green('✓')} there is no password any more`);
      return undefined;
    },
  });
}
