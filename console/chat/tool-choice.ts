/** What a conversation may use, tool by tool, as its owner chooses it. */
import type { Conversation, NewConversation } from '../../src/contract/chat.ts';
import type { Connection, PinnedTool } from '../../src/contract/connections.ts';
import { formatToolName, parseToolName } from '../../src/contract/tool-name.ts';

export type Choice = {
  /** null: everything of ready connections, as they are when a turn begins. */
  tools: string[] | null;
  /** Not read-only, and used without asking. */
  unasked: string[];
  /** null: the VM's own. */
  model: string | null;
  effort: Conversation['effort'];
};

export const noChoice: Choice = { tools: null, unasked: [], model: null, effort: null };

export const choiceOf = ({ hasOwnTools, tools, unasked, model, effort }: Conversation): Choice => ({
  tools: hasOwnTools ? tools : null,
  unasked,
  model,
  effort,
});

/** Of a new conversation: only what was chosen is sent. */
export const newConversationOf = ({ tools, unasked, model, effort }: Choice): NewConversation => ({
  ...(tools === null ? {} : { tools, unasked }),
  ...(model === null ? {} : { model }),
  ...(effort === null ? {} : { effort }),
});

export type ToolUse = 'off' | 'asks' | 'free';

export const isReadOnly = ({ annotations }: PinnedTool): boolean =>
  annotations?.readOnlyHint === true && annotations.destructiveHint !== true;

const isNamed = (list: readonly string[], connection: string, tool: string): boolean =>
  list.some((name) => {
    const parsed = parseToolName(name);
    return parsed?.connection === connection && (parsed.tool === '*' || parsed.tool === tool);
  });

/** How one tool may be used. */
export function howUsed({ tools, unasked }: Choice, connection: string, tool: PinnedTool): ToolUse {
  if (tools !== null && !isNamed(tools, connection, tool.name)) return 'off';
  return isReadOnly(tool) || isNamed(unasked, connection, tool.name) ? 'free' : 'asks';
}

/** The tools that can be chosen: of connections that are on and approved, as they were approved. */
export const choosable = (
  connections: readonly Connection[],
): { connection: string; tools: PinnedTool[] }[] =>
  connections
    .filter(({ isActive, approved }) => isActive && approved)
    .map(({ name, toolCatalog }) => ({
      connection: name,
      tools: toolCatalog.filter(({ off }) => off === undefined),
    }))
    .filter(({ tools }) => tools.length > 0);

/** Everything that can be chosen, as a list of one's own to begin with. */
export const allOf = (connections: readonly Connection[]): string[] =>
  choosable(connections).flatMap(({ connection, tools }) =>
    tools.map(({ name }) => formatToolName({ connection, tool: name })),
  );

/** The choice with one tool used otherwise. Patterns (`mcp__files__*`) become the tools that they name. */
export function withUse(
  choice: Choice,
  connections: readonly Connection[],
  changed: { connection: string; tool: PinnedTool; use: ToolUse },
): Choice {
  const uses = choosable(connections).flatMap(({ connection, tools }) =>
    tools.map((tool) => {
      const isIt = connection === changed.connection && tool.name === changed.tool.name;
      return {
        name: formatToolName({ connection, tool: tool.name }),
        isReadOnly: isReadOnly(tool),
        use: isIt ? changed.use : howUsed(choice, connection, tool),
      };
    }),
  );
  const known = new Set(uses.map(({ name }) => name));
  // What was chosen and is not there now stays chosen.
  const missing = (choice.tools ?? []).filter((name) => !known.has(name) && !name.endsWith('__*'));
  return {
    ...choice,
    tools: [...missing, ...uses.filter(({ use }) => use !== 'off').map(({ name }) => name)],
    unasked: uses.filter((one) => one.use === 'free' && !one.isReadOnly).map(({ name }) => name),
  };
}
