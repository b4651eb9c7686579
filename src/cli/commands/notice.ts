/** `alfred notice …` */
import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliProblem } from '../problem.ts';
import { confirmOrStop } from '../prompts.ts';
import { plural } from '../render/figures.ts';
import { clean } from '../render/text.ts';
import { addNoticeAdd } from './notice-add.ts';
import { addNoticeChange } from './notice-change.ts';
import { addNoticeList } from './notice-list.ts';

export function addNoticeCommands(noun: Command, dispatch: Dispatch): void {
  addNoticeList(noun, dispatch);
  addNoticeAdd(noun, dispatch);
  addNoticeChange(noun, dispatch);
  addNoticeTest(noun, dispatch);
  addNoticeRemove(noun, dispatch);
}

function addNoticeTest(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'test <name>',
    summary: 'send a test by a channel, and say what the other side answered',
    examples: [['alfred notice test phone', 'ends with 1 when it was not taken']],
    async run(context, [name = '']) {
      const test = await (await context.api()).testChannel({ params: { name } });
      const { out } = context;
      present(context, test, () =>
        test.isDelivered
          ? `${out.green('✓')} ${out.bold(name)} took it: ${clean(test.answer)}`
          : `${out.red('✗')} ${out.bold(name)} did not take it: ${clean(test.answer)}`,
      );
      return test.isDelivered ? undefined : exitCodes.failed;
    },
  });
}

function addNoticeRemove(noun: Command, dispatch: Dispatch): void {
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
