/** Whether the tools that a skill names are there, and may be used. */

import type { Connection, PinnedTool } from '../contract/connections.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { Step } from '../contract/skills.ts';
import { parseToolName, type ToolName } from '../contract/tool-name.ts';
import { AlfredError, type FieldError } from '../kernel/errors.ts';

type Known = {
  isActive: boolean;
  approved: boolean;
  status: Connection['status'];
  tools: readonly PinnedTool[];
};
export type Catalog = ReadonlyMap<string, Known>;

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

/** What is so of a connection now, and may be another day: the skill is saved all the same. */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['E_NOT_APPROVED']);

function whyUnusable(name: string, catalog: Catalog): string | undefined {
  const isPattern = parseToolName(name)?.tool === '*';
  return toolProblems(name, catalog).find(
    ({ code }) => !passing.has(code) && !(isPattern && code === 'E_UNKNOWN_TOOL'),
  )?.message;
}

/** What would keep steps from running as things are now, each in a sentence. */
export function toolWarnings(steps: readonly Step[], catalog: Catalog): string[] {
  const names = new Set(steps.flatMap((step) => step.allowedTools));
  return [...names].flatMap((name) => {
    const connection = parseToolName(name)?.connection ?? '';
    const known = catalog.get(connection);
    const problems = toolProblems(name, catalog).map(({ message }) => message);
    if (known?.isActive && (known.status === 'error' || known.status === 'needs_login'))
      problems.push(`the connection "${connection}" ${whyDown[known.status]}`);
    return problems.length === 0
      ? []
      : [`A step that uses ${name} fails as things are: ${problems.join('; ')}.`];
  });
}

const whyDown = { error: 'failed when it was used last', needs_login: 'needs a login' } as const;

export type ToolProblem = { code: ErrorCode; message: string };

/** Why a name of `allowedTools` gives a step nothing, as the end of a sentence; nothing when it gives at least one tool. */
export function toolProblems(name: string, catalog: Catalog): ToolProblem[] {
  const problem = (code: ErrorCode, message: string): ToolProblem[] => [{ code, message }];
  const parsed = parseToolName(name);
  if (!parsed) return problem('E_UNKNOWN_TOOL', 'this is not mcp__<connection>__<tool>');
  const connection = catalog.get(parsed.connection);
  const called = `the connection "${parsed.connection}"`;
  if (!connection) return problem('E_NOT_FOUND', `there is no connection "${parsed.connection}"`);
  if (!connection.isActive) return problem('E_CONNECTION_INACTIVE', `${called} is switched off`);
  const unapproved = connection.approved
    ? []
    : problem('E_NOT_APPROVED', `nobody has approved ${called} as it is`);
  return [...unapproved, ...ofTools(parsed, connection)];
}

function ofTools({ connection, tool: name }: ToolName, { tools }: Known): ToolProblem[] {
  const problem = (message: string): ToolProblem[] => [{ code: 'E_UNKNOWN_TOOL', message }];
  if (tools.length === 0)
    return problem(`the tools of "${connection}" are not known yet; discover them first`);
  if (name === '*') {
    const isUsable = tools.some(({ off }) => off === undefined);
    return isUsable ? [] : problem(`no tool of "${connection}" may be used`);
  }
  const tool = tools.find((candidate) => candidate.name === name);
  if (!tool) return problem(`the connection "${connection}" has no such tool`);
  if (tool.off === 'unusable')
    return problem(`no model can be given it: ${tool.unusable ?? 'its definition does not allow it'}`);
  return tool.off ? [{ code: 'E_TOOL_CHANGED', message: `it is off: ${whyOff[tool.off]}` }] : [];
}
