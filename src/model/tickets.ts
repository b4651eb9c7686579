/** What the model proxy and the run loop say to each other. One ticket is one step of one run. */

import type { executionModes } from '../contract/execution-status.ts';
import type { Usage } from '../contract/executions.ts';
import type { Failure } from '../kernel/failure.ts';
import type { SpendCap } from '../money/spend-caps.ts';
import type { RehearsalContext } from './rehearsal/context.ts';

export type TicketStep = {
  executionId: string;
  stepId: number;
  mode: (typeof executionModes)[number];
  /** The only model that the step may name, by its full id (`fullModelName` in prices.ts). */
  model: string;
  caps: readonly SpendCap[];
  /** Ids of tool calls that the run has on record already: no new call is given one of these. */
  usedToolIds?: readonly string[];
  /** The step goes on from a conversation that an agent before this one had. */
  isResumed?: boolean;
  /** Given, the built-in rehearsal model answers and nothing leaves the process. */
  rehearsal?: RehearsalContext;
  /** The ticket's running totals, after each model call and when one begins to answer. */
  onUsage?(total: Usage): void;
  /** Every model call that is about to be sent, for the log and the trace. */
  onRequest?(request: ModelRequestInfo): void;
};

type ModelRequestInfo = {
  /** 1 for the ticket's first call. */
  call: number;
  model: string;
  /** Of the body as it is sent. */
  bytes: number;
  /** Names of the tools that the model is shown. */
  tools: string[];
  maxTokens: number | undefined;
  /** True when the cap lowered `max_tokens`. */
  clamped: boolean;
};

/** The right to call the model for one step, until it is revoked. */
export type ModelTicket = {
  /** What the agent child has in place of a key. */
  readonly token: string;
  /** Ends the right at once: calls in flight are cut on both sides. */
  revoke(): void;
  /** Ends the right at once, and keeps the token for another step of the same agent. */
  rest(): void;
  /** Tokens and cost so far, calls that were cut off included. */
  usage(): Usage;
  /** Why the last model call failed; undefined when it went through. */
  lastFailure(): Failure | undefined;
};

/**
 * A token for a spare child, whose environment is fixed before its step is known. It is good for nothing until `issue`
 * ties it to a step.
 */
export type PreparedToken = {
  readonly token: string;
  /** What the child's environment needs to reach the model, and nothing secret but the token. */
  readonly environment: Record<string, string>;
  issue(run: TicketStep): ModelTicket;
  /** From now on its requests wait for `issue`, or for `discard`: nothing of them is read, and nothing leaves. */
  expect(): void;
  /** For a spare that is thrown away: unused, or with the ticket that was issued for it. */
  discard(): void;
};

export type ModelProxy = {
  readonly socketPath: string;
  prepare(): PreparedToken;
  /** `prepare` and `issue` in one. */
  issue(run: TicketStep): ModelTicket;
  /** Revokes every ticket and stops listening. */
  close(): Promise<void>;
};
