import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { renderTable } from '../render/table.ts';
import { oneLine } from '../render/text.ts';

export function addExecutionFilters(noun: Command, dispatch: Dispatch): void {
  addVerb<{ forget?: string }>(noun, dispatch, {
    usage: 'filters',
    summary: 'what you look for again: filters saved under a name',
    examples: [
      ['alfred execution filters', 'made by execution list --save NAME, and in the console'],
      ['alfred execution filters --forget "failed this week"', 'what it finds stays as it is'],
    ],
    options: (command) => command.option('--forget <name>', 'forget one'),
    async run(context, _operands, { forget }) {
      const api = await context.api();
      if (forget !== undefined) {
        await api.removeSavedFilter({ params: { name: forget } });
        present(
          context,
          { forgotten: forget },
          () => `${context.out.green('✓')} "${oneLine(forget)}" is forgotten`,
        );
        return undefined;
      }
      const found = await api.listSavedFilters();
      present(context, found, ({ items }) =>
        items.length === 0
          ? 'none yet; make one with alfred execution list --status failed --from 7d --save NAME'
          : renderTable(
              [
                { header: 'NAME', paint: context.out.bold },
                { header: 'LOOKS FOR', min: 20 },
              ],
              items.map(({ name, filter }) => [
                oneLine(name),
                oneLine(
                  Object.entries(filter)
                    .map(([key, value]) => `${key} ${value}`)
                    .join(', '),
                ),
              ]),
              context.columns,
              context.out.dim,
            ),
      );
      return undefined;
    },
  });
}
