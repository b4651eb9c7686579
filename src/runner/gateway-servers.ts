/** The MCP servers that the gateway gives an agent, and who answers their calls. */
import type { McpServerConfig } from '@anthropic-ai/claude-agent-sdk';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  type CallToolRequest,
  CallToolRequestSchema,
  ListToolsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { Ahead } from '../chat/turn-ahead.ts';
import { offerLongIntegers } from '../json-schema/long-integers.ts';
import { longestText, type ModelResult } from './result-for-model.ts';
import type { StepTool } from './step-tools.ts';
import { type Offer, searchServer, searchTools } from './tool-search.ts';

export const refusal = 'E_TOOL_REFUSED: this step does not allow the tool.';

export const failure = (text: string): ModelResult => ({ content: [{ type: 'text', text }], isError: true });

/**
 * The servers that an agent was given, and who answers its calls now: an agent that is kept serves one turn after another,
 * each with a gateway of its own.
 */
export class Line {
  /** What the next turn begins with, once that was read. */
  ahead: Ahead | undefined;
  servers: Record<string, McpServerConfig> | undefined;
  answer: (connection: string, call: CallToolRequest['params']) => Promise<ModelResult> = async () =>
    failure(refusal);
}

export function serversOf({ shown, searched }: Offer, line: Line): Record<string, McpServerConfig> {
  const served: [string, ListedTool[]][] = [
    ...[...Map.groupBy(shown, ({ connection }) => connection)].map(([name, own]): [string, ListedTool[]] => [
      name,
      own.map(listed),
    ]),
    ...(searched.length > 0 ? [[searchServer, searchTools(searched)] satisfies [string, ListedTool[]]] : []),
  ];
  return Object.fromEntries(
    served.map(([name, tools]) => [
      name,
      { type: 'sdk', name, instance: serverOf(name, tools, line) as never } satisfies McpServerConfig,
    ]),
  );
}

/** A tool as the model's server lists it. */
type ListedTool = { name: string; inputSchema: { type: 'object' } } & Record<string, unknown>;

const listed = ({ exposed, definition }: StepTool): ListedTool => ({
  name: exposed,
  ...(definition.title === undefined ? {} : { title: definition.title }),
  ...(definition.description === undefined ? {} : { description: definition.description }),
  inputSchema: { ...offerLongIntegers(definition.inputSchema), type: 'object' as const },
  ...(definition.annotations === undefined ? {} : { annotations: definition.annotations }),
});

/** The Agent SDK takes servers of the first version of the MCP SDK, its peer. */
function serverOf(connection: string, tools: readonly ListedTool[], line: Line): Server {
  const server = new Server({ name: connection, version: '1' }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.map((tool) => ({
      ...tool,
      _meta: { 'anthropic/alwaysLoad': true, 'anthropic/maxResultSizeChars': longestText * 2 },
    })),
  }));
  server.setRequestHandler(
    CallToolRequestSchema,
    async ({ params }) => (await line.answer(connection, params)) as never,
  );
  return server;
}
