import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { confirmOrStop } from '../prompts.ts';

export function addConnectionRemove(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'remove <name>',
    summary: 'remove a connection and the secrets it holds',
    description: 'Refused while an active skill uses it.',
    examples: [['alfred connection remove files', 'asks first; -y does not']],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    async run(context, [name = ''], { yes }) {
      const api = await context.api();
      await api.getConnection({ params: { name } });
      await confirmOrStop(context, `remove ${name} and the secrets it holds?`, yes === true);
      await api.removeConnection({ params: { name } });
      present(
        context,
        { removed: name },
        () => `${context.out.green('✓')} ${context.out.bold(name)} is removed`,
      );
      return undefined;
    },
  });
}
