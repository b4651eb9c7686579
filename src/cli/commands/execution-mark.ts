import { type Command, Option } from 'commander';
import { type MarkChange, ratings } from '../../contract/marks.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { resolveExecutionId, shortId } from '../execution-id.ts';
import { usageProblem } from '../problem.ts';
import { describeMark } from '../render/execution.ts';

type Options = { pin?: boolean; unpin?: boolean; rate?: 'good' | 'bad' | 'none'; comment?: string };

export function addExecutionMark(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'mark <id>',
    summary: 'pin, rate or comment what came of a run, to find it again',
    examples: [
      ['alfred execution mark last --pin', 'then: alfred execution list --pinned'],
      [
        'alfred execution mark last --rate bad --comment "it missed the water bill"',
        'the record stays as it is',
      ],
      ['alfred execution mark last --unpin --rate none --comment ""', 'takes it all back'],
    ],
    options: (command) =>
      command
        .addOption(new Option('--pin', 'keep it at hand').conflicts('unpin'))
        .option('--unpin', 'no longer')
        .addOption(new Option('--rate <rating>', 'how good it was').choices([...ratings, 'none']))
        .option('--comment <text>', 'a few words of yours; an empty text takes them away'),
    async run(context, [typed = ''], { pin, unpin, rate, comment }) {
      const change: MarkChange = {
        ...(pin === true || unpin === true ? { pinned: pin === true } : {}),
        ...(rate === undefined ? {} : { rating: rate === 'none' ? null : rate }),
        ...(comment === undefined ? {} : { comment: comment === '' ? null : comment }),
      };
      if (Object.keys(change).length === 0)
        throw usageProblem('Say what to mark', '--pin, --unpin, --rate good, --comment "…"');
      const api = await context.api();
      const id = await resolveExecutionId(api, typed);
      const mark = await api.markExecution({ params: { id }, body: change });
      present(
        context,
        { executionId: id, ...mark },
        () => `${context.out.green('✓')} ${shortId(id)}: ${describeMark(mark) || 'nothing is marked'}`,
      );
      return undefined;
    },
  });
}
