/** What changed since a person approved it: `-` as it was, `+` as it is. */
import { connectionTypes } from '../../contract/connection-types.ts';
import type { Connection, PinnedTool } from '../../contract/connections.ts';
import { visibleJsonLine, visibleLines, visibleText } from '../../contract/visible.ts';
import { type Difference, differencesOf } from '../../kernel/differences.ts';
import type { Colors } from '../context.ts';
import { fold } from './text.ts';

/** As many places of one tool as are shown; --json has them all. */
const most = 12;
/** Of one text. */
const longest = 600;

function side(mark: string, value: unknown, columns: number, paint: (text: string) => string): string[] {
  const text = typeof value === 'string' ? visibleLines(value) : visibleJsonLine(value);
  const shown = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return fold(shown, columns - 6)
    .split('\n')
    .map((line) => `    ${paint(`${mark} ${line}`)}`);
}

function renderDifferences(differences: readonly Difference[], columns: number, colors: Colors): string {
  const lines = differences
    .slice(0, most)
    .flatMap(({ field, before, after }) => [
      `  ${visibleText(field.slice(1).replaceAll('/', ' › ').replaceAll('~1', '/').replaceAll('~0', '~'))}`,
      ...(before === undefined ? [] : side('-', before, columns, colors.red)),
      ...(after === undefined ? [] : side('+', after, columns, colors.green)),
    ]);
  const more = differences.length - most;
  return [...lines, ...(more > 0 ? [colors.dim(`  and ${more} more; --json has them all`)] : [])].join('\n');
}

function toolDifference(tool: PinnedTool): Difference[] {
  const { hash: _hash, off: _off, pending, ...approved } = tool;
  if (pending === undefined) return [];
  const { hash: _newHash, ...now } = pending;
  return differencesOf(approved, now);
}

/** Everything about a connection that is other than it was approved; empty when nothing is. */
export function renderChanges(connection: Connection, columns: number, colors: Colors): string {
  const target = connection.changedSinceApproval ?? [];
  const tools = connection.toolCatalog
    .filter(({ off, pending }) => off === 'changed' && pending !== undefined)
    .map((tool) => {
      const title = colors.yellow(`${visibleText(tool.name)} was changed since it was approved, and is off`);
      return [title, renderDifferences(toolDifference(tool), columns, colors)].join('\n');
    });
  const verb = connectionTypes[connection.type].isStarted ? 'runs' : 'calls';
  const title = colors.yellow(`what it ${verb} was changed since it was approved, and is off`);
  return [
    ...(target.length === 0 ? [] : [`${title}\n${renderDifferences(target, columns, colors)}`]),
    ...tools,
  ].join('\n\n');
}
