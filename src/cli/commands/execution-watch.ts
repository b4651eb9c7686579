import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { resolveExecutionId } from '../execution-id.ts';
import { watchToEnd } from '../run-view.ts';
import { exitCodeOf, renderEnd } from './skill-run.ts';

export function addExecutionWatch(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'watch <id>',
    summary: 'follow an execution to its end',
    description: 'Shows what happened so far, then what happens. Ctrl-C stops watching; the run goes on.',
    examples: [['alfred execution watch last', 'an id, the end of a recent one, or last']],
    async run(context, [typed = '']) {
      const api = await context.api();
      const id = await resolveExecutionId(api, typed);
      const execution = await watchToEnd(context, api, id, { interrupt: 'leaves' });
      context.note('');
      present(context, execution, () => renderEnd(context, execution));
      return exitCodeOf(execution);
    },
  });
}
