import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { CliProblem } from '../problem.ts';
import { confirmOrStop } from '../prompts.ts';
import { plural } from '../render/figures.ts';

export function addNoticeRemove(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'remove <name>',
    summary: 'remove a channel, its secrets, and what waits for it',
    examples: [['alfred notice remove phone', 'asks first; alfred notice change phone --off keeps it']],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    async run(context, [name = ''], { yes }) {
      const api = await context.api();
      const channel = (await api.listChannels()).items.find((one) => one.name === name);
      if (channel === undefined)
        throw new CliProblem('E_NOT_FOUND', `There is no channel ${name}`, {
          remedy: 'see them with alfred notice list',
        });
      const waits = channel.waiting === 0 ? '' : ` ${plural(channel.waiting, 'notice')} that wait are lost.`;
      await confirmOrStop(context, `remove ${name} and its secrets?${waits}`, yes === true);
      await api.removeChannel({ params: { name } });
      present(
        context,
        { removed: name },
        () => `${context.out.green('✓')} ${context.out.bold(name)} is removed`,
      );
      return undefined;
    },
  });
}
