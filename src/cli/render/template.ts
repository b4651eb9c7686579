/** Templates for a person. */
import type { Template, TemplateConnection } from '../../contract/templates.ts';
import type { Colors } from '../context.ts';
import { commandLine, describeLeaf } from './connection.ts';
import { renderFields } from './table.ts';
import { oneLine, wrap } from './text.ts';

/** What a template's connections are, and which of them are there already. */
export function describeNeeds({ connections, needsAccount }: Template): string {
  if (connections.length === 0) return 'nothing';
  const names = connections.map(({ name, exists }) => (exists ? `${name} (there)` : name)).join(', ');
  return needsAccount ? `${names}, an account` : names;
}

/** What exactly a connection will run or dial, before anything does. A secret's place in `config` holds no secret. */
export function renderPlan(
  { name, why, type }: TemplateConnection,
  config: Record<string, unknown>,
  colors: Colors,
  columns: number,
): string {
  const leaves = (value: unknown): string | undefined =>
    typeof value === 'object' && value !== null
      ? Object.entries(value)
          .map(([leaf, held]) => `${oneLine(leaf)} ${describeLeaf(held)}`)
          .join('\n') || undefined
      : undefined;
  return renderFields(
    [
      ['connection', `${colors.bold(name)}, which ${oneLine(why)}`],
      [type === 'mcp_stdio' ? 'will run' : 'will call', wrap(commandLine(config), columns - 12)],
      ['with env', leaves(config.env)],
      ['with headers', leaves(config.headers)],
      ['private network', config.allowPrivateNetwork === true ? 'yes' : undefined],
    ],
    colors.dim,
  );
}
