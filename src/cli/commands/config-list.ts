import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { describeEntry, readConfigEntries } from '../config-entries.ts';
import { present } from '../context.ts';
import { formatTime } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';

export function addConfigList(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'list',
    summary: 'every setting; secrets as fingerprints',
    examples: [['alfred config list', 'key, value, when it was set']],
    async run(context) {
      const items = await readConfigEntries(await context.api());
      const { out } = context;
      present(context, { items, nextCursor: null }, () =>
        renderTable(
          [
            { header: 'KEY', paint: out.bold },
            { header: 'VALUE', min: 12 },
            { header: 'SET', dropOrder: 1, paint: out.dim },
          ],
          items.map((entry) => [entry.key, describeEntry(entry), formatTime(entry.updatedAt, context.now())]),
          context.columns,
          out.dim,
        ),
      );
      return undefined;
    },
  });
}
