/** Names of tools, taken apart and put together. */

export type ToolName = { connection: string; tool: string };

/** Splits `mcp__<connection>__<tool>`; undefined when it is no such name. */
export function parseToolName(name: string): ToolName | undefined {
  const match = /^mcp__([a-z][a-z0-9-]{0,39}?)__(.+)$/s.exec(name);
  return match?.[1] && match[2] ? { connection: match[1], tool: match[2] } : undefined;
}

/** The name that a person and the model see for a connection's tool. */
export const formatToolName = ({ connection, tool }: ToolName): string => `mcp__${connection}__${tool}`;
