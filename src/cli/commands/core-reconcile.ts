import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { confirmOrStop } from '../prompts.ts';
import { plural } from '../render/figures.ts';

export function addCoreReconcile(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'reconcile',
    summary: 'go on reporting, though Core has other reports of this VM',
    description:
      'For the copy of a VM that stays, and for one whose database was set back. What ended before the end of the last report that Core has counts as told, so that nothing is billed twice. On a copy that is to be a VM of its own: alfred core unlink, then link.',
    examples: [['alfred core reconcile', 'when alfred doctor says that another copy reports']],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    async run(context, _operands, { yes }) {
      const api = await context.api();
      await confirmOrStop(context, 'is this the one that stays, and no other copy of it runs?', yes === true);
      present(
        context,
        await api.reconcileCore(),
        ({ countedAsReported, toReport }) =>
          `${context.out.green('✓')} ${plural(countedAsReported, 'execution')} counted as told, ${toReport} told next`,
      );
      return undefined;
    },
  });
}
