/** Templates for a person. */
import type { Template, TemplateConnection } from '../../contract/templates.ts';
import type { Colors } from '../context.ts';
import { renderFields } from './table.ts';
import { targetFields } from './target.ts';
import { oneLine } from './text.ts';

/** What a template's connections are, and which of them are there already. */
export function describeNeeds({ connections, needsAccount }: Template): string {
  if (connections.length === 0) return 'nothing';
  const names = connections.map(({ name, exists }) => (exists ? `${name} ✓` : name)).join(', ');
  return needsAccount ? `${names}, an account` : names;
}

/** What exactly a connection will run or dial, before anything does. A secret's place in `config` holds no secret. */
export function renderPlan(
  { name, why, type }: TemplateConnection,
  config: Record<string, unknown>,
  colors: Colors,
  columns: number,
): string {
  return renderFields(
    [['connection', `${colors.bold(name)}, which ${oneLine(why)}`], ...targetFields(type, config, columns)],
    colors.dim,
  );
}
