/**
 * One agent process: the Agent SDK's program in a folder, an environment and a process group of its own. It holds a token
 * that is good for one step, and nothing else that is secret (security.md).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { setPriority } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type McpServerConfig,
  type Options,
  type Query,
  type SDKMessage,
  type SDKUserMessage,
  type SessionStoreEntry,
  type SpawnedProcess,
  startup,
} from '@anthropic-ai/claude-agent-sdk';
import { searchPathOf } from '../connections/stdio/server-environment.ts';
import { AlfredError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { answerTool } from '../model/program-words.ts';
import type { ModelProxy, PreparedToken } from '../model/tickets.ts';
import { homeMark, markOfHome, ownerMark, runMark } from '../processes/marks.ts';
import type { AgentSandbox } from './sandbox.ts';
import { SessionEntries } from './session-entries.ts';
import { asWritten, switchedOff } from './text.ts';

/** What holds for the whole life of the process, and so must be known when it is started. */
export type AgentShape = {
  model: string;
  maxTurns: number;
  effort?: Options['effort'];
  outputSchema?: Record<string, unknown>;
  /** It keeps its conversation where `session` reads it: a person may have to be asked in between. */
  keepsSession?: true;
};

/** A conversation as the SDK keeps it: where an agent that was let go stood. */
export type AgentSession = { id: string; entries: readonly SessionStoreEntry[] };

/** A tool call that the model asks for, before it is made. */
export type AskedCall = { name: string; toolUseId: string; input: unknown };
export type Verdict = { decision: 'allow' | 'deny' | 'defer'; reason?: string };

export type AgentDeps = {
  home: string;
  /** The worker that starts it. */
  owner: string;
  proxy: ModelProxy;
  sandbox: AgentSandbox;
  /** What the process may inherit of our environment; of this, its PATH alone. */
  childEnvironment: Record<string, string>;
  systemPrompt: string;
};

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
   * Sends one message and gives what the agent says, up to its result. `judge` is asked before each tool call; a call that
   * is deferred is not made, and ends the agent's turn with `terminal_reason: 'tool_deferred'`.
   *
   * @throws what the SDK throws; the last message says more
   */
  ask(
    prompt: string,
    servers: Record<string, McpServerConfig>,
    judge: (call: AskedCall) => Promise<Verdict>,
  ): AsyncGenerator<SDKMessage, void, undefined>;
  /** Stops it in whatever it is doing: asked first, killed after three seconds. */
  stop(): Promise<void>;
  /** Ends the process with all its group, and deletes its folder. Idempotent. */
  end(): Promise<void>;
};

const startTimeoutMs = 60_000;
/**
 * How long an agent may take to stop after it was interrupted, in milliseconds. The interrupt ends a model request at once;
 * to close the query alone lets it stream on for two seconds.
 */
const interruptMs = 1_000;
const killMs = 3_000;

/** Where the folders of agents are. A folder's name tells whose it is. */
export const runsFolder = (home: string): string => path.join(home, 'runs');
/** The random part of an id: paths of sockets below a folder must be short. */
export const shortId = (id: string): string => id.slice(-12);
export const ownerOfRunFolder = (name: string): string => name.split('-')[0] ?? '';

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
  const id = newId();
  const folder = path.join(runsFolder(deps.home), `${shortId(deps.owner)}-${shortId(id)}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const wrap = await deps.sandbox.wrapping(folder);
  const token = deps.proxy.prepare();
  let child: ChildProcess | undefined;
  let said = '';
  let judge: (call: AskedCall) => Promise<Verdict> = async () => ({ decision: 'deny' });
  const kept = new SessionEntries(resume);
  let query: Query | undefined;

  const options: Options = {
    cwd: folder,
    env: {
      PATH: searchPathOf(deps.childEnvironment),
      HOME: folder,
      CLAUDE_CONFIG_DIR: folder,
      TMPDIR: folder,
      ...token.environment,
      ...switchedOff.env,
      // The gateway's limits and the connections' come first: they know what happened.
      MCP_TOOL_TIMEOUT: String(24 * 3_600_000),
      MAX_MCP_OUTPUT_TOKENS: '1000000',
      // A summary of a full conversation would go on without the step's own words, and the rules in them.
      DISABLE_AUTO_COMPACT: '1',
      [homeMark]: markOfHome(deps.home),
      [ownerMark]: deps.owner,
      [runMark]: id,
    },
    ...asWritten,
    extraArgs: switchedOff.extraArgs,
    tools: [],
    settingSources: [],
    strictMcpConfig: true,
    ...(shape.keepsSession === true ? { sessionStore: kept } : { persistSession: false }),
    ...(resume === undefined ? {} : { resume: resume.id }),
    permissionMode: 'dontAsk',
    systemPrompt: deps.systemPrompt,
    model: shape.model,
    maxTurns: shape.maxTurns,
    ...(shape.effort === undefined ? {} : { effort: shape.effort }),
    ...(shape.outputSchema === undefined
      ? {}
      : { outputFormat: { type: 'json_schema', schema: shape.outputSchema } }),
    // The tools are not known yet when a spare is started, and an allow list would be fixed by then.
    hooks: {
      PreToolUse: [
        {
          hooks: [
            async (input) =>
              input.hook_event_name === 'PreToolUse'
                ? decide({ name: input.tool_name, toolUseId: input.tool_use_id, input: input.tool_input })
                : {},
          ],
        },
      ],
    },
    spawnClaudeCodeProcess({ cwd, ...asked }) {
      const { command, args } = wrap(asked);
      const started = spawn(command, args, {
        ...{ cwd, env: asked.env, detached: true },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      giveWay(started);
      started.stderr.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-4_000);
      });
      child = started;
      return started as unknown as SpawnedProcess;
    },
  };
  const decide = async (call: AskedCall) => {
    // The answer to an output schema is a tool of the SDK's own.
    const { decision, reason = 'Only the tools of this step may be used.' }: Verdict =
      call.name === answerTool ? { decision: 'allow' } : await judge(call);
    return {
      hookSpecificOutput: {
        hookEventName: 'PreToolUse' as const,
        permissionDecision: decision,
        permissionDecisionReason: reason,
      },
    };
  };

  const isAlive = () => child !== undefined && child.exitCode === null && child.signalCode === null;
  const killGroup = (signal: NodeJS.Signals) => {
    if (child?.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  const exited = async (withinMs: number) => {
    if (!child || !isAlive()) return;
    await Promise.race([once(child, 'exit'), sleep(withinMs, undefined, { ref: false })]);
  };
  let ending: Promise<void> | undefined;
  const end = async () => {
    token.discard();
    killGroup('SIGKILL');
    await exited(10_000);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };

  const giveUp = () => killGroup('SIGKILL');
  signal?.addEventListener('abort', giveUp, { once: true });
  let warm: Awaited<ReturnType<typeof startup>>;
  try {
    warm = await startup({ options, initializeTimeoutMs: startTimeoutMs });
  } catch (cause) {
    await end();
    throw new AlfredError(
      'E_AGENT_FAILED',
      `The agent did not start.${said === '' ? '' : ` It said: ${said.trim()}`}`,
      {
        remedy: 'Run "npx alfred doctor"; it says what the agent needs.',
        cause,
      },
    );
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }

  return {
    shape,
    folder,
    pid: child?.pid ?? 0,
    token,
    get isAlive() {
      return isAlive();
    },
    session: () => kept.session(),
    async *ask(prompt, servers, judgeCall) {
      judge = judgeCall;
      const ready = Promise.withResolvers<void>();
      const over = Promise.withResolvers<void>();
      query = warm.query(messages(prompt, ready.promise, over.promise));
      try {
        const { errors } = await query.setMcpServers(servers);
        const wrong = Object.entries(errors)[0];
        if (wrong)
          throw new AlfredError(
            'E_AGENT_FAILED',
            `The agent did not take the tools of ${wrong[0]}: ${wrong[1]}`,
          );
        ready.resolve();
        for await (const message of query) {
          yield message;
          if (message.type === 'result') return;
        }
      } finally {
        over.resolve();
      }
    },
    async stop() {
      const asked = query;
      if (!asked || !isAlive()) return;
      // A refused interruption changes nothing: the process is killed next.
      await Promise.race([asked.interrupt().catch(() => {}), sleep(interruptMs, undefined, { ref: false })]);
      asked.close();
      await exited(killMs - interruptMs);
      killGroup('SIGKILL');
    },
    end() {
      ending ??= end();
      return ending;
    },
  };
}

/** The one message of a step; the input stays open until its answer is whole, as closing it ends the process. */
async function* messages(
  prompt: string,
  ready: Promise<void>,
  over: Promise<void>,
): AsyncGenerator<SDKUserMessage, void, undefined> {
  await ready;
  yield {
    type: 'user',
    message: { role: 'user', content: prompt },
    parent_tool_use_id: null,
    session_id: '',
  };
  await over;
}

/** Lets what takes work in, and who looks on, go before what does the work: ten of `nice`. */
function giveWay({ pid }: ChildProcess): void {
  if (pid === undefined) return; // it could not be started, which the SDK says
  try {
    setPriority(pid, 10);
  } catch (error) {
    // It has ended already; anything else would be ours.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw error;
  }
}
