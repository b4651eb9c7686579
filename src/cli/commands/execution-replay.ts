import { type Command, Option } from 'commander';
import { retryVersions } from '../../contract/executions.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { resolveExecutionId } from '../execution-id.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageProblem } from '../problem.ts';
import { renderComparison } from '../render/comparison.ts';
import { watchToEnd } from '../run-view.ts';
import { readSkillFile } from '../skill-file.ts';
import { exitCodeOf } from './skill-run.ts';

type Options = {
  version?: (typeof retryVersions)[number];
  draft?: string;
  model?: string;
  detach?: boolean;
};

export function addExecutionReplay(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'replay <id>',
    summary: 'go through a past run again by what its tools answered then',
    description:
      'Nothing is called and nobody is told: the model alone is asked, within your caps. It prints both runs beside each other, turn by turn, with what differs. A call that was not recorded is not made. Without an option it is the skill as it is now; with --model the version that ran. Ctrl-C cancels the replay; a second Ctrl-C leaves at once.',
    examples: [
      ['alfred execution replay last', 'the skill as it is now, against the last run'],
      [
        'alfred execution replay last --draft draft.json',
        'a draft: SKILL.md, or JSON as skill show --json prints it',
      ],
      ['alfred execution replay last --model claude-haiku-4-5', 'would a cheaper model do?'],
      ['alfred execution replay last --model rehearsal', 'without a key and without cost'],
    ],
    options: (command) =>
      command
        .option('--draft <file>', 'a skill that is not saved, from a file; - for standard input')
        .addOption(
          new Option('--version <version>', 'of the skill: the one that ran, or the one it is now').choices(
            retryVersions,
          ),
        )
        .option('--model <model>', 'another model; rehearsal is the built-in one')
        .option('-d, --detach', 'start it, print its id, and do not wait'),
    async run(context, [typed = ''], { version, draft, model, detach }) {
      if (draft !== undefined && version !== undefined)
        throw usageProblem('--draft and --version both say what is replayed', 'use one of them');
      const definition = draft === undefined ? undefined : await readSkillFile(context, draft);
      const api = await context.api();
      const id = await resolveExecutionId(api, typed);
      const body = {
        ...(version === undefined ? {} : { version }),
        ...(definition === undefined ? {} : { definition }),
        ...(model === undefined ? {} : { model }),
      };
      const accepted = await api.replayExecution({ params: { id }, body });
      const { executionId } = accepted;
      if (detach === true) {
        present(context, accepted, () => executionId);
        context.note(context.err.dim(`  see it with alfred execution compare ${executionId}`));
        return exitCodes.done;
      }
      context.note(context.err.dim(`replaying ${id}: no tool is called`));
      const execution = await watchToEnd(context, api, executionId, { interrupt: 'cancels' });
      if (!context.json) context.note('');
      await showComparison(context, executionId);
      if (execution.error !== null && !context.json) context.note(context.err.red(execution.error));
      return exitCodeOf(execution);
    },
  });
}

export function addExecutionCompare(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'compare <id>',
    summary: 'show a replay beside what it replays, with what differs',
    examples: [['alfred execution compare last', 'after alfred execution replay --detach']],
    async run(context, [typed = '']) {
      await showComparison(context, await resolveExecutionId(await context.api(), typed));
      return undefined;
    },
  });
}

async function showComparison(context: Context, id: string): Promise<void> {
  const api = await context.api();
  const comparison = await api.compareReplay({ params: { id } });
  present(context, comparison, () => renderComparison(comparison, context.out, context.columns));
}
