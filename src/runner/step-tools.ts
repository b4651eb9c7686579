/** The tools of one step: what its allow list names, of connections that may be used, as a person approved them. */
import type { CatalogEntry } from '../connections/tools/catalog.ts';
import { modelSchema } from '../connections/tools/model-schema.ts';
import type { PinnedTool, Tool } from '../contract/connections.ts';
import { formatToolName, parseToolName } from '../contract/tool-name.ts';
import { AlfredError } from '../kernel/errors.ts';
import { toolProblems } from '../skills/check-tools.ts';
import { showArguments } from './shown-arguments.ts';

export type StepTool = {
  /** As the model sees it: `mcp__<connection>__<tool>`, with characters that the SDK would change replaced. */
  name: string;
  connection: string;
  /** As the model's server sees it: the last part of `name`. */
  exposed: string;
  /** As the connection's server knows it. */
  tool: string;
  /** As approved, but for names of arguments that the model cannot be shown. */
  definition: Tool;
  /** The server's name of each argument that the model sees by another. */
  realNames: ReadonlyMap<string, string>;
};

/**
 * A step that has lost a tool that it names would say that it did what it was asked.
 *
 * @throws AlfredError E_NOT_FOUND, E_CONNECTION_INACTIVE, E_NOT_APPROVED, E_UNKNOWN_TOOL or E_TOOL_CHANGED for the first
 * of `allowedTools` that gives the step nothing
 */
export function assertTools(
  allowedTools: readonly string[],
  catalog: ReadonlyMap<string, CatalogEntry>,
): void {
  for (const name of allowedTools) {
    const [problem] = toolProblems(name, catalog);
    if (problem === undefined) continue;
    throw new AlfredError(problem.code, `The step cannot have ${name}: ${problem.message}.`, {
      remedy: 'See what there is with "npx alfred connection show", then change the connection or the step.',
    });
  }
}

/** What the agent's program left out of the tools that it was given: it says nothing of it by itself. */
export const leftOut = (given: readonly string[], shown: readonly string[]): string[] =>
  given.filter((name) => !shown.includes(name));

/** The Agent SDK replaces other characters in tool names; so that we know the name, we do it ourselves. */
const safeName = (tool: string): string => tool.replace(/[^A-Za-z0-9_-]/g, '_');

/** The API takes names of up to 128 characters. */
const longestName = 128;

/**
 * The tools that `allowedTools` names. A tool that is off, or whose connection is switched off or not approved, is left out:
 * the model does not learn of it.
 */
export function toolsOf(
  allowedTools: readonly string[],
  catalog: ReadonlyMap<string, CatalogEntry>,
): StepTool[] {
  const wanted = allowedTools.flatMap((name) => parseToolName(name) ?? []);
  return [...catalog].flatMap(([connection, entry]) => {
    if (!entry.isActive || !entry.approved) return [];
    const own = wanted.filter((name) => name.connection === connection).map((name) => name.tool);
    const tools = entry.tools.filter(
      (tool) => tool.off === undefined && (own.includes('*') || own.includes(tool.name)),
    );
    return expose(connection, tools);
  });
}

function expose(connection: string, tools: readonly PinnedTool[]): StepTool[] {
  const room = longestName - formatToolName({ connection, tool: '' }).length;
  const isUsable = (name: string) => name.length <= room && safeName(name) === name;
  // A tool that can keep its name keeps it; one that cannot takes none away.
  const taken = new Set(tools.map(({ name }) => name).filter(isUsable));
  return tools.map(({ hash: _hash, off: _off, pending: _pending, ...definition }) => {
    const { name } = definition;
    let exposed = safeName(name).slice(0, room);
    if (!isUsable(name)) {
      const base = exposed.slice(0, room - 4);
      for (let number = 2; taken.has(exposed); number++) exposed = `${base}_${number}`;
      taken.add(exposed);
    }
    // One that has none is off, and does not come this far.
    const shown = modelSchema(definition.inputSchema).schema ?? definition.inputSchema;
    const { inputSchema, realNames } = showArguments(shown);
    return {
      name: formatToolName({ connection, tool: exposed }),
      connection,
      exposed,
      tool: definition.name,
      definition: { ...definition, inputSchema },
      realNames,
    };
  });
}
