/**
 * One agent: the Agent SDK's program in a process of its own (agent-process.ts), and what is said with it. It holds a token
 * that is good for one step, and nothing else that is secret (security.md).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { McpServerConfig, Query, SDKMessage, WarmQuery } from '@anthropic-ai/claude-agent-sdk';
import { AlfredError } from '../kernel/errors.ts';
import type { PreparedToken } from '../model/tickets.ts';
import { type AgentShape, agentOptions, agentSwitches } from './agent-options.ts';
import { AgentProcess, type AgentProcessDeps } from './agent-process.ts';
import { CallJudge, type Judge } from './call-judge.ts';
import { Inbox, type Prompt } from './inbox.ts';
import { type AgentSession, SessionEntries } from './session-entries.ts';

export type AgentDeps = AgentProcessDeps & { systemPrompt: string };

export type Agent = {
  readonly shape: AgentShape;
  readonly folder: string;
  readonly pid: number;
  readonly token: PreparedToken;
  /** False once the process has ended by itself. */
  readonly isAlive: boolean;
  /** Its conversation so far; what it says last may come a moment later. */
  session(): AgentSession | undefined;
  /**
   * Sends a message and gives what the agent says, up to its result. Asked again, it goes on in the same conversation, with
   * the servers that it was given first. `judge` is asked before each tool call; a call that
   * is deferred is not made, and ends the agent's turn with `terminal_reason: 'tool_deferred'`.
   *
   * @throws what the SDK throws; the last message says more
   */
  ask(
    prompt: Prompt,
    servers: Record<string, McpServerConfig>,
    judge: Judge,
  ): AsyncGenerator<SDKMessage, void, undefined>;
  /**
   * Sends what will be asked next ahead of asking it: the agent makes its model request meanwhile, which waits in the proxy
   * until the ticket is issued. Good for one that was asked before.
   */
  begin(prompt: Prompt): void;
  /** Nothing more is asked: it puts away what it has said. */
  hangUp(): void;
  /** Stops it in whatever it is doing: asked first, killed after three seconds. */
  stop(): Promise<void>;
  /** Ends the process with all its group, and deletes its folder. Idempotent. */
  end(): Promise<void>;
};

// Each start of an agent has the SDK ask Node.js for a diagnostic report, to tell glibc from musl; and Node.js looks up the name of the
// other end of every open socket for it, while all else waits: seconds for each where the DNS is silent (findings/agent-sdk-report.sh).
Reflect.set(process.report, 'excludeNetwork', true);

// A megabyte of program: when the first agent is wanted.
const loadSdk = () => import('@anthropic-ai/claude-agent-sdk');

const startTimeoutMs = 60_000;
/**
 * How long an agent may take to stop after it was interrupted, in milliseconds. The interrupt ends a model request at once;
 * to close the query alone lets it stream on for two seconds.
 */
const interruptMs = 1_000;
const killMs = 3_000;

/**
 * @param signal aborted, the start is given up
 * @param resume a conversation to go on with
 * @throws AlfredError E_AGENT_FAILED when the process does not start
 */
export async function startAgent(
  deps: AgentDeps,
  shape: AgentShape,
  signal?: AbortSignal,
  resume?: AgentSession,
): Promise<Agent> {
  // A person reads along and waits for its next word.
  const givesWay = shape.streams !== true;
  const child = await AgentProcess.prepare(deps, { givesWay });
  const entries = new SessionEntries(resume, child.folder);
  const judge = new CallJudge();
  const options = {
    ...agentOptions(shape, deps.systemPrompt),
    cwd: child.folder,
    env: { ...child.environment, ...agentSwitches },
    ...(shape.keepsSession === true ? { sessionStore: entries } : { persistSession: false }),
    ...(resume === undefined ? {} : { resume: resume.id }),
    hooks: judge.hooks,
    spawnClaudeCodeProcess: child.start.bind(child),
  };
  const giveUp = () => child.kill();
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    const { startup } = await loadSdk();
    const warm = await startup({ options, initializeTimeoutMs: startTimeoutMs });
    return new StartedAgent(shape, child, { warm, entries, judge });
  } catch (cause) {
    await child.end();
    const said = child.said === '' ? '' : ` It said: ${child.said}`;
    throw new AlfredError('E_AGENT_FAILED', `The agent did not start.${said}`, {
      remedy: 'Run "npx alfred doctor"; it says what the agent needs.',
      cause: child.startError ?? cause,
    });
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

/** What an agent says and keeps, and who is asked before it acts. */
type Conversation = { warm: WarmQuery; entries: SessionEntries; judge: CallJudge };

class StartedAgent implements Agent {
  readonly shape: AgentShape;
  readonly #child: AgentProcess;
  readonly #conversation: Conversation;
  #query: Query | undefined;
  #inbox: Inbox | undefined;
  #hasBegun = false;

  constructor(shape: AgentShape, child: AgentProcess, conversation: Conversation) {
    this.shape = shape;
    this.#child = child;
    this.#conversation = conversation;
  }

  get folder() {
    return this.#child.folder;
  }

  get pid() {
    return this.#child.pid;
  }

  get token() {
    return this.#child.token;
  }

  get isAlive() {
    return this.#child.isAlive;
  }

  session() {
    return this.#conversation.entries.session();
  }

  begin(prompt: Prompt) {
    if (this.#inbox === undefined || this.#hasBegun)
      throw new Error('Only an agent that was asked can begin');
    this.token.expect();
    this.#inbox.say(prompt);
    this.#hasBegun = true;
  }

  async *ask(prompt: Prompt, servers: Record<string, McpServerConfig>, judge: Judge) {
    this.#conversation.judge.hand(judge);
    this.#inbox ??= new Inbox();
    if (this.#query === undefined) {
      this.#query = this.#conversation.warm.query(this.#inbox);
      await giveTools(this.#query, servers);
    }
    if (!this.#hasBegun) this.#inbox.say(prompt);
    this.#hasBegun = false;
    // By hand: leaving a loop over it would end the process.
    for (let next = await this.#query.next(); next.done !== true; next = await this.#query.next()) {
      yield next.value;
      if (next.value.type === 'result') return;
    }
  }

  hangUp() {
    this.#inbox?.close();
  }

  async stop() {
    const asked = this.#query;
    if (!asked || !this.isAlive) return;
    // A refused interruption changes nothing: the process is killed next.
    await Promise.race([asked.interrupt().catch(() => {}), sleep(interruptMs, undefined, { ref: false })]);
    asked.close();
    await this.#child.exited(killMs - interruptMs);
    this.#child.kill();
  }

  end() {
    return this.#child.end();
  }
}

/** @throws AlfredError E_AGENT_FAILED */
async function giveTools(query: Query, servers: Record<string, McpServerConfig>): Promise<void> {
  const { errors } = await query.setMcpServers(servers);
  const wrong = Object.entries(errors)[0];
  if (!wrong) return;
  throw new AlfredError('E_AGENT_FAILED', `The agent did not take the tools of ${wrong[0]}: ${wrong[1]}`);
}
