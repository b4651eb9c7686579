/**
 * The gateway of one step: one in-process MCP server for each connection, so that tools are called
 * `mcp__<connection>__<tool>` everywhere. Only the step's tools are shown, and each call is checked again.
 */
import type { McpServerConfig } from '@anthropic-ai/claude-agent-sdk';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { ConnectionDeps, ConnectionPool } from '../connections/pool/pool.ts';
import { recordDenied, recordedCall, type ToolCallNews } from '../connections/tools/recorded-call.ts';
import { formatToolName, parseToolName } from '../contract/common.ts';
import { isAlfredError, messageOf } from '../kernel/errors.ts';
import { longestText, type ModelResult, resultForModel } from './result-for-model.ts';
import { realArguments } from './shown-arguments.ts';
import type { StepTool } from './step-tools.ts';

export type GatewayDeps = Pick<ConnectionDeps, 'db' | 'vault' | 'log'> & { pool: ConnectionPool };

export type GatewayStep = {
  executionId: string;
  stepId: number;
  attempt: number;
  tools: readonly StepTool[];
  /** Aborted when the step ends, however it ends: calls in flight are cancelled. */
  signal: AbortSignal;
  onToolCall(name: string, news: ToolCallNews): void;
  /** Asked before each call; what it throws keeps the call from being sent. */
  mayDispatch?: () => Promise<void>;
  /** Whether a person must be asked first: then the agent's own calls are refused here, whatever its program says. */
  needsApproval?: (tool: StepTool) => boolean;
};

/** A call that a person approved. */
export type ApprovedCall = {
  toolUseId: string;
  connection: string;
  tool: string;
  args: Record<string, unknown>;
  /** Asked just before it is sent, after `mayDispatch`. */
  use(): Promise<void>;
};

export type Gateway = {
  servers: Record<string, McpServerConfig>;
  mayUse(name: string): boolean;
  /** Writes down that the model asked for a tool that the step does not have. */
  refuse(name: string, toolUseId: string, args: Record<string, unknown>, why?: string): Promise<void>;
  /** Makes a call that a person approved, if the step still has the tool; what it throws is its result. */
  callApproved(call: ApprovedCall): Promise<ModelResult>;
};

export function openGateway(deps: GatewayDeps, step: GatewayStep): Gateway {
  const byName = new Map(step.tools.map((tool) => [tool.name, tool]));
  const connections = [...new Set(step.tools.map((tool) => tool.connection))];
  return {
    servers: Object.fromEntries(
      connections.map((name) => [
        name,
        { type: 'sdk', name, instance: serverOf(deps, step, name) as never } satisfies McpServerConfig,
      ]),
    ),
    mayUse: (name) => byName.has(name),
    async refuse(name, toolUseId, args, why) {
      const parsed = parseToolName(name) ?? { connection: 'none', tool: name };
      await refuse(deps, step, { ...parsed, name, toolUseId, args }, why);
    },
    async callApproved({ toolUseId, connection, tool, args, use }) {
      const own = step.tools.find((each) => each.connection === connection && each.tool === tool);
      if (!own) {
        const name = formatToolName({ connection, tool });
        await refuse(deps, step, { name, connection, tool, toolUseId, args });
        return failure(refusal);
      }
      const mayDispatch = async () => {
        await step.mayDispatch?.();
        await use();
      };
      return await call(deps, step, own, { toolUseId, args, mayDispatch });
    },
  };
}

const refusal = 'E_TOOL_REFUSED: this step does not allow the tool.';

type Refused = {
  name: string;
  connection: string;
  tool: string;
  toolUseId: string | undefined;
  args: Record<string, unknown>;
};

const refuse = (
  deps: GatewayDeps,
  step: GatewayStep,
  { name, toolUseId, ...call }: Refused,
  why: string = refusal,
) => recordDenied(deps, { ...callOf(deps, step, name, toolUseId), ...call, annotations: undefined }, why);

const callOf = (deps: GatewayDeps, step: GatewayStep, name: string, toolUseId: string | undefined) => ({
  origin: { executionId: step.executionId, stepId: step.stepId, attempt: step.attempt, toolUseId },
  signal: step.signal,
  onStatus: (news: ToolCallNews) => {
    deps.log.debug({ tool: name, toolCallId: news.id, status: news.status }, 'a tool call');
    step.onToolCall(name, news);
  },
});

/** The Agent SDK takes servers of the first version of the MCP SDK, its peer. */
function serverOf(deps: GatewayDeps, step: GatewayStep, connection: string): Server {
  const own = new Map(
    step.tools.filter((tool) => tool.connection === connection).map((tool) => [tool.exposed, tool]),
  );
  const server = new Server({ name: connection, version: '1' }, { capabilities: { tools: {} } });

  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: [...own.values()].map(({ exposed, definition }) => ({
      name: exposed,
      ...(definition.title === undefined ? {} : { title: definition.title }),
      ...(definition.description === undefined ? {} : { description: definition.description }),
      inputSchema: { ...definition.inputSchema, type: 'object' as const },
      ...(definition.annotations === undefined ? {} : { annotations: definition.annotations }),
      _meta: { 'anthropic/alwaysLoad': true, 'anthropic/maxResultSizeChars': longestText * 2 },
    })),
  }));

  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    const tool = own.get(params.name);
    const toolUseId = params._meta?.['claudecode/toolUseId'];
    const given = params.arguments ?? {};
    if (!tool) {
      // The agent's program asks for what it was shown; another that speaks in its place is written down as well.
      const name = formatToolName({ connection, tool: params.name });
      const id = typeof toolUseId === 'string' ? toolUseId : undefined;
      await refuse(deps, step, { name, connection, tool: params.name, toolUseId: id, args: given });
      return failure(refusal);
    }
    const args = realArguments(tool, given);
    const id = typeof toolUseId === 'string' ? toolUseId : undefined;
    if (step.needsApproval?.(tool)) {
      const refused = { name: tool.name, connection, tool: tool.tool, toolUseId: id, args };
      await refuse(deps, step, refused, unasked);
      return failure(unasked);
    }
    return (await call(deps, step, tool, { toolUseId: id, args, mayDispatch: step.mayDispatch })) as never;
  });
  return server;
}

const unasked = 'E_TOOL_REFUSED: a person must approve this call first.';

type Call = Pick<Refused, 'toolUseId' | 'args'> & { mayDispatch: (() => Promise<void>) | undefined };

async function call(
  deps: GatewayDeps,
  step: GatewayStep,
  tool: StepTool,
  { toolUseId, args, mayDispatch }: Call,
): Promise<ModelResult> {
  try {
    const { result, kept } = await recordedCall(deps, {
      ...callOf(deps, step, tool.name, toolUseId),
      connection: tool.connection,
      tool: tool.tool,
      args,
      annotations: tool.definition.annotations,
      ...(mayDispatch === undefined ? {} : { mayDispatch }),
    });
    return resultForModel(result, kept);
  } catch (error) {
    if (!isAlfredError(error)) deps.log.error({ err: error, tool: tool.name }, 'a tool call failed');
    const code = isAlfredError(error) ? error.code : 'E_INTERNAL';
    return failure(deps.vault.redactor.text(`${code}: ${messageOf(error)}`));
  }
}

const failure = (text: string): ModelResult => ({ content: [{ type: 'text', text }], isError: true });
