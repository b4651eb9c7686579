/** What a conversation may use: its owner's choice, resolved against the connections as they are now. */
import type { CatalogEntry } from '../connections/tools/catalog.ts';
import type { PinnedTool } from '../contract/connections.ts';
import { formatToolName, parseToolName } from '../contract/tool-name.ts';
import { ownServer } from './own-server.ts';

export type ToolChoice = { hasOwnTools: boolean; tools: readonly string[]; unasked: readonly string[] };

export type UsableTools = {
  /** All connections as they were when this was found out. */
  catalog: ReadonlyMap<string, CatalogEntry>;
  /** Called without asking anybody. */
  free: string[];
  /** Called when a person approves the call. */
  asks: string[];
};

/** A tool changes nothing when its server says so, and says nothing else. */
export const isReadOnly = (annotations: PinnedTool['annotations']): boolean =>
  annotations?.readOnlyHint === true && annotations.destructiveHint !== true;

/** Whether a list of names and patterns (`mcp__<connection>__*`) names a tool. */
function names(list: readonly string[], connection: string, tool: string): boolean {
  return list.some((name) => {
    const parsed = parseToolName(name);
    return parsed?.connection === connection && (parsed.tool === '*' || parsed.tool === tool);
  });
}

/** Of connections that are switched on, approved and not known to be down: tools that are as they were approved. */
export function usableTools(choice: ToolChoice, catalog: ReadonlyMap<string, CatalogEntry>): UsableTools {
  const free: string[] = [];
  const asks: string[] = [];
  for (const [connection, { isActive, approved, status, tools }] of catalog) {
    if (connection === ownServer || !isActive || !approved || status === 'needs_login') continue;
    for (const { name: tool, off, annotations } of tools) {
      if (off !== undefined || (choice.hasOwnTools && !names(choice.tools, connection, tool))) continue;
      const isFree = isReadOnly(annotations) || names(choice.unasked, connection, tool);
      (isFree ? free : asks).push(formatToolName({ connection, tool }));
    }
  }
  return { catalog, free, asks };
}
