/**
 * Tools that are too many to be shown: the model is given two of the gateway's own in their place, one that finds tools by
 * words and one that calls them by name. What a step allows, what is pinned, who is asked and what is on record stay as they
 * are with tools that are shown: the call that is found is the call that is judged and made.
 */
import { ownServer } from '../chat/own-server.ts';
import { mostShownTokens, tokensOf } from '../connections/tools/tool-tokens.ts';
import { isRecord } from '../contract/is-record.ts';
import { realArguments } from './shown-arguments.ts';
import type { StepTool } from './step-tools.ts';

/** No connection can be called so: its name would begin with a small letter. */
export const searchServer = 'Tools';
const findName = 'find';
const callName = 'call';
export const findTool = `mcp__${searchServer}__${findName}`;
const callTool = `mcp__${searchServer}__${callName}`;

/** How many tools one search gives, and how long what it gives may be, in characters. */
const mostFound = 8;
const longestFound = 24_000;

export type Offer = {
  /** Shown to the model as they are. */
  shown: readonly StepTool[];
  /** Found by the search alone. */
  searched: readonly StepTool[];
};

/** @param maySearch false where no model chooses: a rehearsal calls every tool */
export function offerOf(tools: readonly StepTool[], maySearch: boolean): Offer {
  const own = tools.filter(({ connection }) => connection === ownServer);
  const others = tools.filter(({ connection }) => connection !== ownServer);
  const isTooMuch =
    others.length > 2 && tokensOf(others.map(({ definition }) => definition)) > mostShownTokens;
  return maySearch && isTooMuch ? { shown: own, searched: others } : { shown: tools, searched: [] };
}

/** The names that a model is shown. */
export const shownNames = ({ shown, searched }: Offer): string[] => [
  ...shown.map(({ name }) => name),
  ...(searched.length > 0 ? [findTool, callTool] : []),
];

/** The definitions of the two, as an MCP server lists them. */
export function searchTools(searched: readonly StepTool[]) {
  const counts = [...Map.groupBy(searched, ({ connection }) => connection)]
    .map(([connection, own]) => `${connection} (${own.length})`)
    .join(', ')
    .slice(0, 1_000);
  const text = { type: 'string' as const };
  return [
    {
      name: findName,
      description: `Finds tools among the ${searched.length} that you may use, of these connections: ${counts}. Describe what you want to do, or give a tool's name. Answers with names, descriptions and input schemas.`,
      inputSchema: { type: 'object' as const, properties: { query: text }, required: ['query'] },
      annotations: { readOnlyHint: true },
    },
    {
      name: callName,
      description: `Calls a tool that ${findName} has shown you, by its whole name, with arguments that fit its input schema.`,
      inputSchema: {
        type: 'object' as const,
        properties: { tool: text, arguments: { type: 'object' as const } },
        required: ['tool'],
      },
    },
  ];
}

/** The call that stands within a call of the second tool: a name, and arguments. */
export function innerCall(input: unknown): { name: string; args: Record<string, unknown> } {
  const { tool, arguments: args } = isRecord(input) ? input : {};
  return { name: typeof tool === 'string' ? tool : '', args: readArguments(args) };
}

/** Some models write an object as its JSON. */
function readArguments(given: unknown): Record<string, unknown> {
  if (isRecord(given)) return given;
  if (typeof given !== 'string') return {};
  try {
    const parsed: unknown = JSON.parse(given);
    return isRecord(parsed) ? parsed : {};
  } catch {
    // It is no JSON: the server says what it misses.
    return {};
  }
}

export type MeantCall = { tool: StepTool; args: Record<string, unknown> };

/** Of the tools that are shown by their names, of the others by the search's. */
export function meantCall(
  { shown, searched }: Offer,
  name: string,
  input: unknown,
): MeantCall | 'search' | undefined {
  if (searched.length > 0 && name === findTool) return 'search';
  const isInner = searched.length > 0 && name === callTool;
  const inner = isInner ? innerCall(input) : { name, args: isRecord(input) ? input : {} };
  const tool = (isInner ? searched : shown).find((one) => one.name === inner.name);
  return tool && { tool, args: realArguments(tool, inner.args) };
}

/** What a search for `query` answers. */
export function findTools(searched: readonly StepTool[], query: string): string {
  const found = rank(searched, query).slice(0, mostFound);
  if (found.length === 0)
    return `No tool fits "${query.slice(0, 200)}". Try other words: what it is about, or what it does.`;
  let text = '';
  for (const { name, definition } of found) {
    const entry = JSON.stringify({
      name,
      description: definition.description,
      inputSchema: definition.inputSchema,
    });
    if (text !== '' && text.length + entry.length > longestFound) break;
    text += `${entry}\n`;
  }
  return `${text}\nCall one with ${callTool}: {"tool": NAME, "arguments": {…}}.`;
}

/** The words of a text, those of joined names apart: `listOpenIssues` → list, open, issues; a plural as its singular. */
const wordsOf = (text: string): string[] =>
  (
    text
      .replace(/([a-z\d])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).map((word) => (word.length > 3 ? word.replace(/(?<!s)s$/, '') : word));

/** The best first: rare words count more than common ones, those of the name more than those of the description. */
function rank(tools: readonly StepTool[], query: string): StepTool[] {
  const asked = new Set(wordsOf(query.slice(0, 1_000)));
  const documents = tools.map((tool) => ({
    tool,
    name: new Set(wordsOf(`${tool.connection} ${tool.tool}`)),
    rest: new Set(
      wordsOf(
        `${tool.definition.title ?? ''} ${tool.definition.description ?? ''} ${Object.keys(propertiesOf(tool)).join(' ')}`,
      ),
    ),
  }));
  const weights = new Map(
    [...asked].map((word) => {
      const holding = documents.filter(({ name, rest }) => name.has(word) || rest.has(word)).length;
      return [word, holding === 0 ? 0 : Math.log(1 + tools.length / holding)];
    }),
  );
  return documents
    .map(({ tool, name, rest }) => {
      let score = query.includes(tool.name) || query.trim() === tool.tool ? 1_000 : 0;
      for (const [word, weight] of weights) score += weight * (name.has(word) ? 3 : rest.has(word) ? 1 : 0);
      return { tool, score };
    })
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .map(({ tool }) => tool);
}

const propertiesOf = ({ definition }: StepTool): Record<string, unknown> =>
  isRecord(definition.inputSchema.properties) ? definition.inputSchema.properties : {};
