import type { Command } from 'commander';
import type { Execution } from '../../contract/executions.ts';
import type { Api } from '../api.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { readRunInput } from '../json-input.ts';
import { resolveProposalId } from '../proposal-id.ts';
import { watchToEnd } from '../run-view.ts';
import { exitCodeOf, renderEnd } from './skill-run.ts';

type Options = { input?: string; inputFile?: string };

export function addProposalRehearse(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'rehearse <id> [name=value...]',
    summary: 'try what is proposed: its read-only tools are called, nothing is changed, nothing costs',
    examples: [
      ['alfred proposal rehearse last', 'with an input that fits, or that of the run it was learnt from'],
      ['alfred proposal rehearse last folder=Documents', 'with this one'],
    ],
    options: (command) =>
      command
        .option('-i, --input <json>', 'the run’s input, a JSON object')
        .option('--input-file <file>', 'the same from a file; - for standard input'),
    async run(context, [typed = '', ...pairs], { input, inputFile }) {
      const isGiven = pairs.length > 0 || input !== undefined || inputFile !== undefined;
      const given = isGiven ? await readRunInput(context, { input, inputFile, pairs }) : undefined;
      const api = await context.api();
      const execution = await rehearse(context, api, await resolveProposalId(api, typed), given);
      present(context, execution, () => renderEnd(context, execution));
      return exitCodeOf(execution);
    },
  });
}

/** Rehearses it and watches to the end. */
export async function rehearse(
  context: Context,
  api: Api,
  id: string,
  input?: Record<string, unknown>,
): Promise<Execution> {
  const body = input === undefined ? {} : { input };
  const { executionId } = await api.rehearseProposal({ params: { id }, body });
  return await watchToEnd(context, api, executionId, { interrupt: 'cancels' });
}
