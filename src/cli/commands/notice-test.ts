import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { clean } from '../render/text.ts';

export function addNoticeTest(noun: Command, dispatch: Dispatch): void {
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
