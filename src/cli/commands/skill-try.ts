import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { resolveExecutionId } from '../execution-id.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageProblem } from '../problem.ts';
import { plural } from '../render/figures.ts';
import { watchToEnd } from '../run-view.ts';
import { readSkillFile } from '../skill-file.ts';
import { exitCodeOf, renderEnd } from './skill-run.ts';

type Options = { step?: string; live?: boolean; draft?: string; from?: string; detach?: boolean };

export function addSkillTry(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'try <slug>',
    summary: 'try one step of a skill, saved or not',
    description:
      'Runs the skill as far as that step, as an execution that counts for nothing else. Its input, and what the steps before it gave, is taken from the last run that got so far. A rehearsal costs nothing; with --live the model is asked, and you before a tool that may destroy.',
    examples: [
      ['alfred skill try bills', 'rehearses its first step'],
      ['alfred skill try bills --step 2 --live', 'its second, on what the last run gave before it'],
      ['alfred skill try bills --step 2 --draft draft.md', 'as it is written there, and not saved'],
    ],
    options: (command) =>
      command
        .option('--step <number>', 'which step; the first, when left out')
        .option('--live', 'with the model and the tools; otherwise it is a rehearsal')
        .option('--draft <file>', 'a skill that is not saved, from a file; - for standard input')
        .option('--from <id>', 'the run that it goes by')
        .option('-d, --detach', 'start it, print its id, and do not wait'),
    async run(context, [slug = ''], { step = '1', live = false, draft, from, detach }) {
      if (!/^[1-9]\d?$/.test(step)) throw usageProblem(`--step ${step} is no step`, 'use a number such as 2');
      const definition = draft === undefined ? undefined : await readSkillFile(context, draft);
      const api = await context.api();
      const tried = await api.tryStep({
        params: { slug },
        body: {
          ...{ step: Number(step), mode: live ? 'live' : 'rehearsal' },
          ...(definition === undefined ? {} : { definition }),
          ...(from === undefined ? {} : { from: await resolveExecutionId(api, from) }),
        },
      });
      const { executionId } = tried;
      if (detach === true) {
        present(context, tried, () => executionId);
        return exitCodes.done;
      }
      const carried = tried.carried === 0 ? '' : `, with ${plural(tried.carried, 'step')} taken from it`;
      context.note(
        context.err.dim(
          tried.from === null
            ? 'no run to go by: its input is made up'
            : `on the input of ${tried.from}${carried}`,
        ),
      );
      const execution = await watchToEnd(context, api, executionId, { interrupt: 'cancels' });
      if (!context.json) context.note('');
      present(context, execution, () => renderEnd(context, execution));
      return exitCodeOf(execution);
    },
  });
}
