/** Whether the tools that a skill names are there, and may be used. */
import { parseToolName } from '../contract/common.ts';
import type { PinnedTool } from '../contract/connections.ts';
import type { Step } from '../contract/skills.ts';
import { AlfredError, type FieldError } from '../kernel/errors.ts';

export type Catalog = ReadonlyMap<string, { isActive: boolean; tools: readonly PinnedTool[] }>;

const whyOff = {
  changed: 'its definition changed since it was approved',
  new: 'it came after the approval and nobody has approved it yet',
  gone: 'its server no longer offers it',
} as const;

/** The connections that steps use, each once, sorted. */
export const connectionsOf = (steps: readonly Step[]): string[] =>
  [
    ...new Set(
      steps.flatMap((step) => step.allowedTools.map((name) => parseToolName(name)?.connection ?? '')),
    ),
  ]
    .filter((name) => name !== '')
    .sort();

/** @throws AlfredError E_UNKNOWN_TOOL naming every tool that is not there or may not be used, and why */
export function checkTools(steps: readonly Step[], catalog: Catalog): void {
  const wrong = steps.flatMap((step, stepIndex) =>
    step.allowedTools.flatMap((name, index) => {
      const message = whyUnusable(name, catalog);
      return message === undefined
        ? []
        : [{ name, field: `/steps/${stepIndex}/allowedTools/${index}`, message }];
    }),
  );
  if (wrong.length === 0) return;
  const sentences = new Set(wrong.map(({ name, message }) => `${name}: ${message}`));
  const fields: FieldError[] = wrong.map(({ name, field, message }) => ({
    field,
    message: `${name}: ${message}`,
  }));
  throw new AlfredError(
    'E_UNKNOWN_TOOL',
    `The skill names tools that it cannot have. ${[...sentences].join('; ')}`,
    {
      remedy:
        'Name tools that `npx alfred connection show` lists, or save the skill as a draft with "isActive": false.',
      fields,
    },
  );
}

function whyUnusable(name: string, catalog: Catalog): string | undefined {
  const parsed = parseToolName(name);
  if (!parsed) return 'this is not mcp__<connection>__<tool>';
  const connection = catalog.get(parsed.connection);
  if (!connection) return `there is no connection "${parsed.connection}"`;
  if (!connection.isActive) return `the connection "${parsed.connection}" is switched off`;
  if (parsed.tool === '*') return undefined;
  const tool = connection.tools.find((candidate) => candidate.name === parsed.tool);
  if (!tool) {
    return connection.tools.length === 0
      ? `the tools of "${parsed.connection}" are not known yet; discover them first`
      : `the connection "${parsed.connection}" has no such tool`;
  }
  return tool.off ? `it is off: ${whyOff[tool.off]}` : undefined;
}
