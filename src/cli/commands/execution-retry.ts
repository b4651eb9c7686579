import { type Command, Option } from 'commander';
import { retryOrigins, retryVersions } from '../../contract/executions.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { resolveExecutionId } from '../execution-id.ts';
import { exitCodes } from '../exit-codes.ts';
import { watchToEnd } from '../run-view.ts';
import { exitCodeOf, renderEnd } from './skill-run.ts';

type Options = {
  from: (typeof retryOrigins)[number];
  version: (typeof retryVersions)[number];
  detach?: boolean;
};

export function addExecutionRetry(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'retry <id>',
    summary: 'run again what has ended, and watch it work',
    description:
      'Makes a new execution with the same input, which names the old one. From the failed step, what the steps before it gave is carried over, and they are not done again. Ctrl-C cancels the new run; a second Ctrl-C leaves at once.',
    examples: [
      ['alfred execution retry last', 'all of it again, with the skill as it was'],
      ['alfred execution retry last --from failed --version current', 'after the skill was mended'],
    ],
    options: (command) =>
      command
        .addOption(
          new Option('--from <step>', 'where to begin').choices(retryOrigins).default(retryOrigins[0]),
        )
        .addOption(
          new Option('--version <version>', 'of the skill: the one that ran, or the one it is now')
            .choices(retryVersions)
            .default(retryVersions[0]),
        )
        .option('-d, --detach', 'start it, print its id, and do not wait'),
    async run(context, [typed = ''], { from, version, detach }) {
      const api = await context.api();
      const id = await resolveExecutionId(api, typed);
      const accepted = await api.retryExecution({ params: { id }, body: { from, version } });
      const { executionId } = accepted;
      if (detach === true) {
        present(context, accepted, () => executionId);
        context.note(context.err.dim(`  follow it with alfred execution watch ${executionId}`));
        return exitCodes.done;
      }
      const what = from === 'failed' ? 'going on with' : 'running again:';
      context.note(context.err.dim(`${what} ${id}`));
      const execution = await watchToEnd(context, api, executionId, { interrupt: 'cancels' });
      if (!context.json) context.note('');
      present(context, execution, () => renderEnd(context, execution));
      return exitCodeOf(execution);
    },
  });
}
