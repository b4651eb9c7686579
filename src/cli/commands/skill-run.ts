import type { Command } from 'commander';
import type { Execution } from '../../contract/executions.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { readRunInput } from '../json-input.ts';
import { renderOutput, renderSummary } from '../render/execution.ts';
import { clean, wrap } from '../render/text.ts';
import { watchToEnd } from '../run-view.ts';

type Options = { input?: string; inputFile?: string; rehearse?: boolean; detach?: boolean; quiet?: boolean };

/** Output, then how it ended, what it cost and its id; with `--quiet` the output alone. */
export function renderEnd(context: Context, execution: Execution, quiet = false): string {
  const width = Math.min(context.columns ?? 100, 100);
  const output = execution.output === null ? '' : renderOutput(execution.output, context.columns);
  if (quiet) return output;
  const code = execution.errorCode === null ? '' : ` (${execution.errorCode})`;
  const error =
    execution.error === null ? [] : [context.out.red(wrap(`${clean(execution.error)}${code}`, width)), ''];
  return [...(output === '' ? [] : [output, '']), ...error, renderSummary(execution, context.out)].join('\n');
}

/** 0 for a run that succeeded, 1 for any other end. */
export const exitCodeOf = (execution: Execution) =>
  execution.status === 'succeeded' ? exitCodes.done : exitCodes.failed;

export function addSkillRun(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'run <slug> [name=value...]',
    summary: 'run a skill and watch it work',
    description:
      'Prints steps and tool calls as they happen (on stderr), then the output, the cost and the execution’s id (on stdout). Ctrl-C cancels the run; a second Ctrl-C leaves at once.',
    examples: [
      ['alfred skill run house-report', 'the demonstration that comes with the VM'],
      ['alfred skill run tidy folder=Documents', 'input as name=value'],
      [
        `alfred skill run tidy --input '{"folder": "Documents"}' --rehearse`,
        'input as JSON, with the built-in rehearsal model: no key, no cost',
      ],
      ['alfred skill run house-report -q > report.md', 'the output alone'],
    ],
    options: (command) =>
      command
        .option('-i, --input <json>', 'the run’s input, a JSON object')
        .option('--input-file <file>', 'the same from a file; - for standard input')
        .option('--rehearse', 'use the rehearsal model: it calls the read-only tools and costs nothing')
        .option('-d, --detach', 'start it, print its id, and do not wait')
        .option('-q, --quiet', 'print the output alone'),
    async run(context, [slug = '', ...pairs], options) {
      const input = await readRunInput(context, {
        input: options.input,
        inputFile: options.inputFile,
        pairs,
      });
      const api = await context.api();
      const started = await api.runSkill({
        params: { slug },
        body: {
          input,
          mode: options.rehearse === true ? 'rehearsal' : 'live',
        },
      });
      const executionId = 'executionId' in started ? started.executionId : started.id;
      if (options.detach === true) {
        present(context, { executionId }, () => executionId);
        context.note(context.err.dim(`  follow it with alfred execution watch ${executionId}`));
        return exitCodes.done;
      }
      const execution = await watchToEnd(context, api, executionId, {
        quiet: options.quiet === true,
        interrupt: 'cancels',
      });
      if (!context.json && options.quiet !== true) context.note('');
      present(context, execution, () => renderEnd(context, execution, options.quiet === true));
      if (options.quiet === true && execution.error !== null)
        context.note(`alfred: ${clean(execution.error)}`);
      return exitCodeOf(execution);
    },
  });
}
