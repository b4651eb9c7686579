/** A tool is called: a skill begins to run, or a run is asked after. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { cancelExecution } from '../executions/cancel-execution.ts';
import { followEvents } from '../executions/follow-events.ts';
import { startExecution } from '../executions/start-execution.ts';
import { AlfredError, isAlfredError } from '../kernel/errors.ts';
import { type McpCaller, type McpServerDeps, maySee } from './caller.ts';
import { getExecutionInput, getExecutionName } from './get-execution-tool.ts';
import { readRunResult } from './run-result.ts';

/** The SDKs' clients give up after 60 s, whatever progress they are told of. */
const usualAnswerMs = 50_000;

export type ToolCall = {
  name: string;
  args: Record<string, unknown>;
  /** Aborted when the client cancels. */
  signal: AbortSignal;
  /** Told in words what the run does now. */
  tell: (message: string) => void;
};

/** What comes of it; what keeps it from being done is an error that the client's model reads. */
export async function callTool(
  deps: McpServerDeps,
  caller: McpCaller,
  call: ToolCall,
): Promise<CallToolResult> {
  try {
    if (call.name === getExecutionName)
      return await resultOf(deps, await findRun(deps, caller, call.args), call);
    const id = await startRun(deps, caller, call);
    const cancel = () => cancelRun(deps, caller, id);
    if (call.signal.aborted) cancel();
    call.signal.addEventListener('abort', cancel, { once: true });
    try {
      return await resultOf(deps, id, call);
    } finally {
      // Once it is answered the run goes on, whatever becomes of the connection.
      call.signal.removeEventListener('abort', cancel);
    }
  } catch (error) {
    if (!isAlfredError(error)) throw error;
    const fields = (error.fields ?? []).map(({ field, message }) => `${field}: ${message}`);
    const words = [error.message, ...fields, error.remedy ?? ''].filter((line) => line !== '').join('\n');
    return {
      content: [{ type: 'text', text: deps.vault.redactor.text(words) }],
      structuredContent: { code: error.code },
      isError: true,
    };
  }
}

async function resultOf(deps: McpServerDeps, id: string, call: ToolCall): Promise<CallToolResult> {
  await waitFor(deps, id, call);
  return await readRunResult(deps.db, id);
}

async function startRun(deps: McpServerDeps, caller: McpCaller, call: ToolCall): Promise<string> {
  const { name: skill, args: input } = call;
  if (caller.skills?.has(skill) === false) throw noTool(skill);
  const { executionId } = await startExecution(deps, {
    ...{ skill, input, mode: 'live', trigger: 'chat', actor: caller.actor },
    triggerDetail: { via: 'mcp' },
  });
  deps.log.info({ executionId, skill, actor: caller.actor }, 'a run was asked for by MCP');
  call.tell('The run has begun.');
  return executionId;
}

/** The client gave it up. That the VM stops is no such word: the run goes on when it is back. */
function cancelRun(deps: McpServerDeps, caller: McpCaller, executionId: string): void {
  if (deps.closing.aborted) return;
  cancelExecution(deps, executionId, caller.actor).catch((err: unknown) => {
    if (!isAlfredError(err, 'E_NOT_CANCELLABLE')) deps.log.warn({ err, executionId }, 'not cancelled');
  });
}

/** @throws AlfredError E_NOT_FOUND for one that there is not, or that somebody else started */
async function findRun(
  { db }: McpServerDeps,
  caller: McpCaller,
  args: Record<string, unknown>,
): Promise<string> {
  const { success, data } = getExecutionInput.safeParse(args);
  const row = success
    ? await db.prisma.execution.findUnique({
        where: { id: data.executionId },
        select: { id: true, actor: true },
      })
    : null;
  if (row === null || !(maySee(caller) || row.actor === caller.actor)) {
    throw new AlfredError('E_NOT_FOUND', 'There is no such run of yours.', {
      remedy: 'Send the executionId that the call of a skill gave.',
    });
  }
  return row.id;
}

/** Until the run ends, or has taken as long as a client waits. */
async function waitFor(deps: McpServerDeps, id: string, { signal, tell }: ToolCall): Promise<void> {
  const limit = AbortSignal.timeout(deps.answerWithinMs ?? usualAnswerMs);
  const events = await followEvents(deps, id, { signal: AbortSignal.any([signal, limit, deps.closing]) });
  for await (const event of events) {
    if (event.kind === 'end') return;
    if (event.kind === 'step' && event.data.status === 'running')
      tell(`Step ${event.data.id} of ${event.data.of}`);
    if (event.kind === 'tool_call' && event.data.status === 'intended') tell(`Calls ${event.data.name}`);
    if (event.kind === 'status' && event.data.status === 'waiting_approval')
      tell('Waits for its owner’s approval');
  }
}

const noTool = (name: string) =>
  new AlfredError('E_NOT_FOUND', `There is no skill "${name}" for this token.`, {
    remedy: 'List the tools anew.',
  });
