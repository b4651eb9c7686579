import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { resolveExecutionId } from '../execution-id.ts';
import { renderExecution, renderOutput } from '../render/execution.ts';
import { readExecution } from '../run-view.ts';

export function addExecutionShow(noun: Command, dispatch: Dispatch): void {
  addVerb<{ output?: boolean; trace?: boolean }>(noun, dispatch, {
    usage: 'show <id>',
    summary: 'one execution: how it ended, its steps, its tool calls, its output',
    examples: [
      ['alfred execution show last', 'an id, the end of a recent one, or last'],
      ['alfred execution show last --output > report.md', 'the output alone'],
      ['alfred execution show last --json', 'everything, the trace included'],
    ],
    options: (command) =>
      command
        .option('--output', 'print the output alone')
        .option('--trace', 'print the trace, one JSON message a line'),
    async run(context, [typed = ''], { output, trace }) {
      const api = await context.api();
      const execution = await readExecution(api, await resolveExecutionId(api, typed));
      present(context, execution, () => {
        if (output === true)
          return execution.output === null ? '' : renderOutput(execution.output, context.columns);
        if (trace === true) return execution.trace.map((message) => JSON.stringify(message)).join('\n');
        return renderExecution(execution, context.out, context.columns);
      });
      return undefined;
    },
  });
}
