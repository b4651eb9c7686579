import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { confirmOrStop } from '../prompts.ts';
import { plural } from '../render/figures.ts';

export function addCoreUnlink(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'unlink',
    summary: 'end the link to Core: nothing is reported, its tokens open nothing',
    examples: [['alfred core unlink', 'the VM goes on working, alone']],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    async run(context, _operands, { yes }) {
      const api = await context.api();
      await confirmOrStop(
        context,
        'end the link? reports that Core has not acknowledged are dropped',
        yes === true,
      );
      present(context, await api.unlinkCore(), ({ abandonedReports }) => {
        const dropped = abandonedReports > 0 ? `, ${plural(abandonedReports, 'report')} dropped` : '';
        return `${context.out.green('✓')} this VM stands alone${dropped}`;
      });
      return undefined;
    },
  });
}
