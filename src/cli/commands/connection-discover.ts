import type { Command } from 'commander';
import type { z } from 'zod';
import type { discoverResultSchema } from '../../contract/connections.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { withProgress } from '../live-line.ts';
import { summaryOf, toolKind } from '../render/connection.ts';
import { renderChanges } from '../render/difference.ts';
import { plural } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';
import { clean } from '../render/text.ts';

export type Discovered = z.infer<typeof discoverResultSchema>;

/** Asks the connection's server for its tools. */
export const discover = (context: Context, name: string): Promise<Discovered> =>
  withProgress(context, `starting ${name} and asking for its tools`, async () =>
    (await context.api()).discoverTools({ params: { name } }),
  );

/** What a discovery found, with what is new, changed or gone. */
function renderDiscovered(
  context: Context,
  name: string,
  { tools, added, changed, removed, warnings }: Discovered,
): string {
  const { out } = context;
  const news = (tool: string) => (changed.includes(tool) ? 'changed' : added.includes(tool) ? 'new' : '');
  const table = renderTable(
    [
      { header: 'TOOL', paint: out.bold },
      { header: 'KIND', paint: (cell) => (cell.trim() === 'reads' ? out.green(cell) : out.yellow(cell)) },
      { header: '', paint: (cell) => (cell.trim() === 'changed' ? out.yellow(cell) : out.cyan(cell)) },
      { header: 'WHAT IT SAYS OF ITSELF', min: 16, dropOrder: 1, paint: out.dim },
    ],
    tools.map((tool) => [tool.name, toolKind(tool), news(tool.name), summaryOf(tool)]),
    context.columns,
    out.dim,
  );
  const gone = removed.length === 0 ? [] : [`${out.yellow('gone:')} ${removed.join(', ')}`];
  const waiting = changed.length + (added.length === tools.length ? 0 : added.length);
  const hint =
    waiting === 0
      ? []
      : [`new and changed tools are off until you approve them: alfred connection approve ${name}`];
  return [
    `${out.bold(name)} has ${plural(tools.length, 'tool')}`,
    ...(tools.length === 0 ? [] : ['', table]),
    ...gone,
    ...warnings.map((warning) => `${out.yellow('!')} ${clean(warning)}`),
    ...hint,
  ].join('\n');
}

/** Each changed tool as it was approved and as it is now. */
async function changesOf(context: Context, name: string): Promise<string> {
  const connection = await (await context.api()).getConnection({ params: { name } });
  return renderChanges(connection, Math.min(context.columns ?? 100, 100), context.out);
}

export function addConnectionDiscover(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'discover <name>',
    summary: 'ask a connection for its tools and pin what it says',
    examples: [['alfred connection discover files', 'lists the tools, and which are new, changed or gone']],
    async run(context, [name = '']) {
      const found = await discover(context, name);
      const changes = found.changed.length === 0 || context.json ? '' : await changesOf(context, name);
      present(context, found, () => [renderDiscovered(context, name, found), changes].join('\n\n').trimEnd());
      return undefined;
    },
  });
}
