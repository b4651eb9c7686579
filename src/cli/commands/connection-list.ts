import type { Command } from 'commander';
import { listItems } from '../../contract/list-items.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { commandLine, connectionState, paintState, shortCommandLine } from '../render/connection.ts';
import { formatTime } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';

export function addConnectionList(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'list',
    summary: 'the connections there are',
    examples: [['alfred connection list', 'names, state, tools, and what each one runs']],
    async run(context) {
      const items = await listItems((await context.api()).listConnections, {});
      present(context, { items, nextCursor: null }, () => {
        if (items.length === 0)
          return 'no connections yet; add one with alfred connection add NAME -- COMMAND';
        return renderTable(
          [
            { header: 'NAME', paint: context.out.bold },
            { header: 'STATE', paint: (cell) => paintState(cell, context.out) },
            { header: 'TOOLS', align: 'right' },
            { header: 'USED', dropOrder: 2 },
            { header: 'RUNS', min: 12, dropOrder: 1, paint: context.out.dim },
          ],
          items.map((connection) => [
            connection.name,
            connectionState(connection),
            String(connection.tools.length),
            connection.lastUsedAt === null ? 'never' : formatTime(connection.lastUsedAt, context.now()),
            context.columns === undefined
              ? commandLine(connection.config)
              : shortCommandLine(connection.config),
          ]),
          context.columns,
          context.out.dim,
        );
      });
      return undefined;
    },
  });
}
