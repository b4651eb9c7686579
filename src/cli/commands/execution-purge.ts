import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { resolveExecutionId } from '../execution-id.ts';
import { confirmOrStop } from '../prompts.ts';
import { formatBytes } from '../render/figures.ts';
import { readExecution } from '../run-view.ts';

export function addExecutionPurge(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'purge <id>',
    summary: 'drop what one execution read and said, for good',
    description:
      'Its input, output, trace, events and the payloads of its tool calls go. The row, its hashes and its metrics stay, and the purge is on record.',
    examples: [['alfred execution purge last', 'asks first; -y does not']],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    async run(context, [typed = ''], { yes }) {
      const api = await context.api();
      const id = await resolveExecutionId(api, typed);
      const { skillSlug } = await readExecution(api, id);
      await confirmOrStop(context, `drop the content of ${id} (${skillSlug}) for good?`, yes === true);
      const purged = await api.purgeExecution({ params: { id } });
      present(
        context,
        purged,
        () =>
          `${context.out.green('✓')} ${id} is purged: ${formatBytes(purged.freedBytes)} are gone, its metrics stay`,
      );
      return undefined;
    },
  });
}
