import type { Command } from 'commander';
import { isFinal } from '../../contract/executions.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { followExecution } from '../event-stream.ts';
import { resolveExecutionId } from '../execution-id.ts';
import { withProgress } from '../live-line.ts';
import { paintStatus, renderFacts } from '../render/execution.ts';
import { readExecution } from '../run-view.ts';

export function addExecutionCancel(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'cancel <id>',
    summary: 'stop a run, and wait until it stands still',
    examples: [['alfred execution cancel last', 'an id, the end of a recent one, or last']],
    async run(context, [typed = '']) {
      const api = await context.api();
      const id = await resolveExecutionId(api, typed);
      await api.cancelExecution({ params: { id } });
      await withProgress(context, 'waiting until it stands still', async () => {
        const { signal } = new AbortController();
        for await (const _ of followExecution(api, id, { signal })) {
          // only the end of the events matters here
        }
      });
      const execution = await readExecution(api, id);
      present(context, execution, () => {
        const { out } = context;
        const line = isFinal(execution.status)
          ? execution.status === 'cancelled'
            ? `${out.green('✓')} ${id} is ${paintStatus(execution.status, out)}`
            : `${out.yellow('!')} ${id} had ended before it could be stopped: ${paintStatus(execution.status, out)}`
          : `${out.yellow('!')} ${id} is ${paintStatus(execution.status, out)}`;
        return [line, `  ${out.dim(`${execution.skillSlug} · ${renderFacts(execution)}`)}`].join('\n');
      });
      return undefined;
    },
  });
}
