/** Who speaks to the VM as to an MCP server, and what is needed to answer. */
import type { Scope } from '../contract/common.ts';
import type { ExecutionFeed } from '../executions/execution-feed.ts';
import type { StartDeps } from '../executions/start-execution.ts';
import type { Logger } from '../kernel/log.ts';

export type McpCaller = {
  /** Of its token or session. */
  id: string;
  /** As executions name it. */
  actor: string;
  scopes: ReadonlySet<Scope>;
  /** The skills that its token is for; left out: all. */
  skills?: ReadonlySet<string>;
};

export type McpServerDeps = StartDeps & {
  feed: ExecutionFeed;
  log: Logger;
  /** Of this program. */
  version: string;
  /** Aborted when the VM stops: runs go on then, and are not cancelled. */
  closing: AbortSignal;
  /** How long a call waits for its run before it answers that it goes on, in milliseconds. */
  answerWithinMs?: number;
};

export const maySee = ({ scopes, skills }: McpCaller): boolean => scopes.has('read') && skills === undefined;
