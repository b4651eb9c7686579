import type { Command } from 'commander';
import { listItems } from '../../contract/list-items.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { resolveExecutionId } from '../execution-id.ts';
import { usageProblem } from '../problem.ts';
import { plural } from '../render/figures.ts';

/** As many as one request names. */
const most = 200;

export function addExecutionRead(noun: Command, dispatch: Dispatch): void {
  addVerb<{ all?: boolean; undo?: boolean }>(noun, dispatch, {
    usage: 'read [ids...]',
    summary: 'say that results were read, here and in the console',
    examples: [
      ['alfred execution read --all', 'everything that is news'],
      ['alfred execution read last --undo', 'it is news again'],
    ],
    options: (command) =>
      command.option('--all', 'everything that is news').option('--undo', 'take it back for these'),
    async run(context, typed, { all, undo }) {
      if ((typed.length === 0) === (all !== true) || typed.length > most)
        throw usageProblem('Name runs, or --all', 'alfred execution read last');
      if (all === true && undo === true)
        throw usageProblem('--undo needs the runs', 'alfred execution read ID --undo');
      const api = await context.api();
      const ids =
        all === true
          ? (await listItems(api.listExecutions, { query: { unread: 'true' } }, { max: most })).map(
              ({ id }) => id,
            )
          : await Promise.all(typed.map((id) => resolveExecutionId(api, id)));
      if (ids.length > 0)
        await (undo === true
          ? api.unreadExecutions({ body: { ids } })
          : api.readExecutions({ body: { ids } }));
      present(context, { ids }, () =>
        ids.length === 0
          ? 'Nothing is unread.'
          : `${context.out.green('✓')} ${plural(ids.length, 'run')} ${undo === true ? 'unread again' : 'read'}`,
      );
      return undefined;
    },
  });
}
