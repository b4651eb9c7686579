/** What the Agent SDK's program is told when it is started. It holds for the program's whole life. */
import type { Options } from '@anthropic-ai/claude-agent-sdk';
import { asWritten, switchedOff } from './text.ts';

/** What holds for the whole life of the process, and so must be known when it is started. */
export type AgentShape = {
  model: string;
  maxTurns: number;
  effort?: Options['effort'];
  outputSchema?: Record<string, unknown>;
  /** What it is told that it is, where that is not to carry out a step. */
  systemPrompt?: string;
  /** It gives what the model says piece by piece, too. */
  streams?: true;
  /** It keeps its conversation where `session` reads it: a person may have to be asked in between. */
  keepsSession?: true;
};

/** The program has no tools, settings and permissions of its own: the gateway's tools are all there is. */
export const agentOptions = (shape: AgentShape, systemPrompt: string) =>
  ({
    ...asWritten,
    extraArgs: switchedOff.extraArgs,
    tools: [],
    settingSources: [],
    strictMcpConfig: true,
    permissionMode: 'dontAsk',
    systemPrompt: shape.systemPrompt ?? systemPrompt,
    ...(shape.streams === true ? { includePartialMessages: true } : {}),
    model: shape.model,
    maxTurns: shape.maxTurns,
    ...(shape.effort === undefined ? {} : { effort: shape.effort }),
    ...(shape.outputSchema === undefined
      ? {}
      : { outputFormat: { type: 'json_schema', schema: shape.outputSchema } }),
  }) satisfies Options;

/** The program's switches that are environment variables. */
export const agentSwitches = {
  ...switchedOff.env,
  // The gateway's limits and the connections' come first: they know what happened.
  MCP_TOOL_TIMEOUT: String(24 * 3_600_000),
  MAX_MCP_OUTPUT_TOKENS: '1000000',
  // A summary of a full conversation would go on without the step's own words, and the rules in them.
  DISABLE_AUTO_COMPACT: '1',
};
