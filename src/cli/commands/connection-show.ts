import type { Command } from 'commander';
import type { Connection } from '../../contract/connections.ts';
import { lackedWords } from '../../contract/scopes.ts';
import { unusableWords } from '../../contract/unusable-tools.ts';
import { visibleText } from '../../contract/visible.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { connectionState, paintState, summaryOf, toolKind } from '../render/connection.ts';
import { renderChanges } from '../render/difference.ts';
import { formatFullTime } from '../render/figures.ts';
import { deviceWords, loginWords } from '../render/login.ts';
import { renderFields, renderTable } from '../render/table.ts';
import { renderWalls, targetFields } from '../render/target.ts';
import { clean, wrap } from '../render/text.ts';

/** A connection's page. */
export function renderConnection(context: Context, connection: Connection): string {
  const { out } = context;
  const { config } = connection;
  const width = Math.min(context.columns ?? 100, 100);
  const fields = renderFields(
    [
      ['name', out.bold(connection.name)],
      ['state', paintState(connectionState(connection), out)],
      ['error', connection.lastError === null ? undefined : wrap(clean(connection.lastError), width - 10)],
      ...targetFields(connection.type, config, width, true),
      ['walls', connection.walls === undefined ? undefined : renderWalls(connection.walls, width, out)],
      ['signed in', connection.login === undefined ? undefined : loginWords(connection.login)],
      ['a code', connection.deviceLogin === undefined ? undefined : deviceWords(connection.deviceLogin)],
      ['checked', connection.lastCheckedAt === null ? 'never' : formatFullTime(connection.lastCheckedAt)],
      ['used', connection.lastUsedAt === null ? 'never' : formatFullTime(connection.lastUsedAt)],
    ],
    out.dim,
  );
  const changes = renderChanges(connection, width, out);
  const approve = out.dim(`allow it as it is now: alfred connection approve ${connection.name}`);
  if (connection.toolCatalog.length === 0) {
    const hint = `no tools known yet; look for them with alfred connection discover ${connection.name}`;
    return [fields, ...(changes === '' ? [] : [changes]), hint].join('\n\n');
  }
  const tools = renderTable(
    [
      { header: 'TOOL', paint: out.bold },
      { header: 'KIND', paint: (cell) => (cell.trim() === 'reads' ? out.green(cell) : out.yellow(cell)) },
      { header: 'WHAT IT SAYS OF ITSELF', min: 16, dropOrder: 1, paint: out.dim },
    ],
    connection.toolCatalog.map((tool) => [visibleText(tool.name), toolKind(tool), summaryOf(tool)]),
    context.columns,
    out.dim,
  );
  const warning = [unusableWords(connection.toolCatalog), lackedWords(connection)].flatMap((words) =>
    words === undefined ? [] : [`${out.yellow('!')} ${wrap(clean(words), width - 2)}`],
  );
  return [fields, tools, ...warning, ...(changes === '' ? [] : [changes, approve])].join('\n\n');
}

export function addConnectionShow(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'show <name>',
    summary: 'one connection: what it runs or calls, what is sealed, its tools',
    examples: [['alfred connection show files', 'secrets are shown as fingerprints, never as values']],
    async run(context, [name = '']) {
      const connection = await (await context.api()).getConnection({ params: { name } });
      present(context, connection, () => renderConnection(context, connection));
      return undefined;
    },
  });
}
