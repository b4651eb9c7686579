/** One call of the model through the proxy: what it needs, and how it went. */

import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Failure } from '../../kernel/failure.ts';
import type { TokenCount } from '../../money/token-count.ts';
import type { FailureContext } from '../failures.ts';
import type { ToolIds } from '../tool-ids.ts';
import type { Redacts } from './request.ts';

export type Upstream = {
  dispatcher: Dispatcher;
  /** With a path before `/v1/messages`, if the endpoint has one; no slash at the end. */
  baseUrl: URL;
  /** Opens the key, at the last moment. */
  openKey(): string | undefined;
  /** To the first byte, and between two, in milliseconds. */
  timeoutMs: number;
  redactor: Redacts;
};

export type Sending = {
  path: '/v1/messages' | '/v1/messages/count_tokens';
  isBeta: boolean;
  headers: IncomingHttpHeaders;
  body: string;
  model: string;
  /** Those that its conversation has already. */
  toolIds: ToolIds;
  /** Aborts when the agent goes or its ticket is revoked. */
  signal: AbortSignal;
  onTokens(tokens: TokenCount): void;
  /**
   * Takes down how the call went. Called once, before the agent is given the end of its answer: what it does next must
   * find everything counted.
   */
  conclude(outcome: Outcome): void;
};

/** How a call went, for the ticket and the caps. */
export type Outcome = {
  tokens: TokenCount;
  /** `unanswered`: sent, and nobody knows whether the endpoint charges for it. */
  state: 'answered' | 'refused' | 'unanswered' | 'unsent';
  stopReason: string | undefined;
  failure: Failure | undefined;
  timedOut: boolean;
};

/** What the sentences about a failure of this call are made of. */
export const aboutCall = ({ baseUrl, timeoutMs }: Upstream, { model }: Sending): FailureContext => ({
  model,
  endpoint: baseUrl.origin,
  waitedMs: timeoutMs,
});
