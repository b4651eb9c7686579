/**
 * The gateway of one step: one in-process MCP server for each connection, so that tools are called
 * `mcp__<connection>__<tool>` everywhere. Only the step's tools are shown, and each call is checked again.
 */
import type { McpServerConfig } from '@anthropic-ai/claude-agent-sdk';
import type { CallToolRequest } from '@modelcontextprotocol/sdk/types.js';
import type { ConnectionDeps, ConnectionPool } from '../connections/pool/pool.ts';
import { recordDenied, recordedCall, type ToolCallChange } from '../connections/tools/recorded-call.ts';
import { replayedCall } from '../connections/tools/replayed-call.ts';
import type { Tape } from '../connections/tools/tape.ts';
import { holdsRounded } from '../contract/exact-json.ts';
import { formatToolName, parseToolName } from '../contract/tool-name.ts';
import { isAlfredError, messageOf } from '../kernel/errors.ts';
import { hashOf } from '../kernel/hash.ts';
import { failure, Line, refusal, serversOf } from './gateway-servers.ts';
import { type ModelResult, resultForModel } from './result-for-model.ts';
import { realArguments } from './shown-arguments.ts';
import type { StepTool } from './step-tools.ts';
import {
  findTool,
  findTools,
  innerCall,
  type MeantCall,
  meantCall,
  type Offer,
  offerOf,
  searchServer,
  shownNames,
} from './tool-search.ts';

export type GatewayDeps = Pick<ConnectionDeps, 'db' | 'vault' | 'log'> & { pool: ConnectionPool };
/** All that calls go through: the pool, or what stands before it. */
type CallDeps = Omit<GatewayDeps, 'pool'> & { pool: Pick<ConnectionPool, 'call'> };

export type GatewayStep = {
  executionId: string;
  stepId: number;
  attempt: number;
  tools: readonly StepTool[];
  /** Whether tools may be searched for where they are too many to be shown: a model chooses among them. */
  maySearch?: boolean;
  /** Aborted when the step ends, however it ends: calls in flight are cancelled. */
  signal: AbortSignal;
  onToolCall(name: string, change: ToolCallChange): void;
  /** Asked before each call; what it throws keeps the call from being sent. */
  mayDispatch?: () => Promise<void>;
  /** Whether a person must be asked first: then the agent's own calls are refused here, whatever its program says. */
  needsApproval?: (tool: StepTool, args: Record<string, unknown>) => boolean;
  /** Of a replay: it answers every call, and none is sent. */
  tape?: Tape | undefined;
};

/** A call that a person approved. */
type ApprovedCall = {
  toolUseId: string;
  connection: string;
  tool: string;
  args: Record<string, unknown>;
  /** Asked just before it is sent, after `mayDispatch`. */
  use(): Promise<void>;
};

export type Gateway = {
  servers: Record<string, McpServerConfig>;
  /** What the model is shown by name. */
  shown: readonly string[];
  mayUse(name: string): boolean;
  /** What a call of the model's means: one of the step's tools, or the search for one. */
  meant(name: string, input: unknown): MeantCall | 'search' | undefined;
  /** Of a replay: the model asks for this call, which is about to come. */
  expect(name: string, toolUseId: string, args: Record<string, unknown>): void;
  /** Writes down that the model asked for a tool that the step does not have. */
  deny(name: string, toolUseId: string, args: Record<string, unknown>, why?: string): Promise<void>;
  /** Makes a call that the owner's own words ask for, as the agent would. */
  callAsked(call: Omit<ApprovedCall, 'use'>): Promise<ModelResult>;
  /** Makes a call that a person approved, if the step still has the tool; what it throws is its result. */
  callApproved(call: ApprovedCall): Promise<ModelResult>;
};

/** @param line of an agent that is kept; its tools are the step's */
export function openGateway(deps: CallDeps, step: GatewayStep, line = new Line()): Gateway {
  const offer = offerOf(step.tools, step.maySearch === true);
  const shown = shownNames(offer);
  line.answer = (connection, params) =>
    connection === searchServer
      ? answerSearch(deps, step, offer, params)
      : answer(deps, step, offer, connection, params);
  line.servers ??= serversOf(offer, line);
  return {
    servers: line.servers,
    shown,
    mayUse: (name) => shown.includes(name),
    meant: (name, input) => meantCall(offer, name, input),
    expect(name, toolUseId, input) {
      const meant = meantCall(offer, name, input);
      if (meant === undefined || meant === 'search' || step.tape === undefined) return;
      const { tool, args } = meant;
      const argumentsHash = Uint8Array.from(hashOf(args));
      step.tape.expect(toolUseId, { ...tool, stepId: step.stepId, argumentsHash });
    },
    async deny(name, toolUseId, args, why) {
      const parsed = parseToolName(name) ?? { connection: 'none', tool: name };
      await deny(deps, step, { ...parsed, name, toolUseId, args }, why);
    },
    async callAsked({ toolUseId, connection, tool, args }) {
      const own = step.tools.find((each) => each.connection === connection && each.tool === tool);
      if (!own || step.needsApproval?.(own, args)) return failure(refusal);
      return await call(deps, step, own, { toolUseId, args, mayDispatch: step.mayDispatch });
    },
    async callApproved({ toolUseId, connection, tool, args, use }) {
      const own = step.tools.find((each) => each.connection === connection && each.tool === tool);
      if (!own) {
        const name = formatToolName({ connection, tool });
        await deny(deps, step, { name, connection, tool, toolUseId, args });
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

type Refused = {
  name: string;
  connection: string;
  tool: string;
  toolUseId: string | undefined;
  args: Record<string, unknown>;
};

const deny = (
  deps: CallDeps,
  step: GatewayStep,
  { name, toolUseId, ...call }: Refused,
  why: string = refusal,
) => recordDenied(deps, { ...callOf(deps, step, name, toolUseId), ...call, annotations: undefined }, why);

const callOf = (deps: CallDeps, step: GatewayStep, name: string, toolUseId: string | undefined) => ({
  origin: { executionId: step.executionId, stepId: step.stepId, attempt: step.attempt, toolUseId },
  signal: step.signal,
  onStatus: (change: ToolCallChange) => {
    deps.log.debug({ tool: name, toolCallId: change.id, status: change.status }, 'a tool call');
    step.onToolCall(name, change);
  },
});

const rounded =
  'E_VALIDATION: an integer above 9007199254740991 was rounded on its way here. Send it as text: "1234567890123456789".';

/** Answers a call of the agent's, if the step has the tool and nobody has to be asked. */
async function answer(
  deps: CallDeps,
  step: GatewayStep,
  { shown }: Offer,
  connection: string,
  params: CallToolRequest['params'],
): Promise<ModelResult> {
  const tool = shown.find((one) => one.connection === connection && one.exposed === params.name);
  const named = params._meta?.['claudecode/toolUseId'];
  const toolUseId = typeof named === 'string' ? named : undefined;
  const given = params.arguments ?? {};
  if (!tool) {
    // The agent's program asks for what it was shown; another that speaks in its place is written down as well.
    const name = formatToolName({ connection, tool: params.name });
    await deny(deps, step, { name, connection, tool: params.name, toolUseId, args: given });
    return failure(refusal);
  }
  return await callUnlessAsked(deps, step, { tool, args: realArguments(tool, given) }, toolUseId);
}

/** Answers the two tools that stand for those that are searched for. */
async function answerSearch(
  deps: CallDeps,
  step: GatewayStep,
  offer: Offer,
  params: CallToolRequest['params'],
): Promise<ModelResult> {
  const name = formatToolName({ connection: searchServer, tool: params.name });
  const given = params.arguments ?? {};
  if (name === findTool) {
    const text = deps.vault.redactor.text(findTools(offer.searched, String(given.query ?? '')));
    return { content: [{ type: 'text', text }], isError: false };
  }
  const named = params._meta?.['claudecode/toolUseId'];
  const toolUseId = typeof named === 'string' ? named : undefined;
  const meant = meantCall(offer, name, given);
  if (meant === undefined || meant === 'search') {
    const inner = innerCall(given);
    const parsed = parseToolName(inner.name) ?? { connection: 'none', tool: inner.name || params.name };
    await deny(deps, step, { ...parsed, name: inner.name, toolUseId, args: inner.args });
    return failure(`${refusal} Find its whole name with ${findTool}.`);
  }
  return await callUnlessAsked(deps, step, meant, toolUseId);
}

async function callUnlessAsked(
  deps: CallDeps,
  step: GatewayStep,
  { tool, args }: MeantCall,
  toolUseId: string | undefined,
): Promise<ModelResult> {
  if (holdsRounded(args)) return failure(rounded);
  if (step.needsApproval?.(tool, args)) {
    const { name, connection } = tool;
    await deny(deps, step, { name, connection, tool: tool.tool, toolUseId, args }, unasked);
    return failure(unasked);
  }
  return await call(deps, step, tool, { toolUseId, args, mayDispatch: step.mayDispatch });
}

const unasked = 'E_TOOL_REFUSED: a person must approve this call first.';

type Call = Pick<Refused, 'toolUseId' | 'args'> & { mayDispatch: (() => Promise<void>) | undefined };

async function call(
  deps: CallDeps,
  step: GatewayStep,
  tool: StepTool,
  { toolUseId, args, mayDispatch }: Call,
): Promise<ModelResult> {
  try {
    const made = {
      ...callOf(deps, step, tool.name, toolUseId),
      connection: tool.connection,
      tool: tool.tool,
      args,
      annotations: tool.definition.annotations,
    };
    if (step.tape) {
      const result = await replayedCall(deps, step.tape, made);
      return resultForModel(result, result);
    }
    const { result, kept } = await recordedCall(deps, {
      ...made,
      ...(mayDispatch === undefined ? {} : { mayDispatch }),
    });
    return resultForModel(result, kept);
  } catch (error) {
    if (!isAlfredError(error)) deps.log.error({ err: error, tool: tool.name }, 'a tool call failed');
    const code = isAlfredError(error) ? error.code : 'E_INTERNAL';
    return failure(deps.vault.redactor.text(`${code}: ${messageOf(error)}`));
  }
}
