/** Who is asked before the agent calls a tool: whoever sent it the last message. Before the first one it may call nothing. */
import type { HookCallback, Options } from '@anthropic-ai/claude-agent-sdk';
import { answerTool } from '../executions/answer-tool.ts';

/** A tool call that the model asks for, before it is made. */
export type AskedCall = { name: string; toolUseId: string; input: unknown };
export type Verdict = { decision: 'allow' | 'deny' | 'defer'; reason?: string };
export type Judge = (call: AskedCall) => Promise<Verdict>;

export class CallJudge {
  #judge: Judge = async () => ({ decision: 'deny' });

  /** From now on it is `judge` that is asked. */
  hand(judge: Judge): void {
    this.#judge = judge;
  }

  /** For the SDK. The tools are not known yet when a spare is started, and an allow list would be fixed by then. */
  readonly hooks = { PreToolUse: [{ hooks: [(input) => this.#decide(input)] }] } satisfies Options['hooks'];

  async #decide(input: Parameters<HookCallback>[0]): ReturnType<HookCallback> {
    if (input.hook_event_name !== 'PreToolUse') return {};
    const call = { name: input.tool_name, toolUseId: input.tool_use_id, input: input.tool_input };
    // The answer to an output schema is a tool of the SDK's own.
    const { decision, reason = 'Only the tools of this step may be used.' }: Verdict =
      call.name === answerTool ? { decision: 'allow' } : await this.#judge(call);
    return {
      hookSpecificOutput: {
        hookEventName: 'PreToolUse',
        permissionDecision: decision,
        permissionDecisionReason: reason,
      },
    };
  }
}
