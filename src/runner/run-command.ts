/** A message that is a command: the skill that it names is run at once, and no model is asked. */

import type { NamedSkills } from '../chat/named-skills.ts';
import { ownServer } from '../chat/own-server.ts';
import { runSkillName } from '../chat/own-tools/own-tools.ts';
import type { Turn } from '../chat/read-turn.ts';
import { formatToolName } from '../contract/tool-name.ts';
import { noUsage } from '../contract/usage.ts';
import { openGateway } from './gateway.ts';
import { apiContentOf } from './result-for-model.ts';
import { stoppedFailure } from './step-outcome.ts';
import type { StepDeps, StepEnd, StepRun } from './step-run.ts';
import { asksInTurn, turnPool, turnTools } from './turn-run.ts';

/** The command of a turn that begins; one that was cut off is gone on with in words. */
export const commandOf = ({ turn, resume }: StepRun): NamedSkills['command'] =>
  turn === undefined || turn.isGoneOnWith || resume !== undefined ? undefined : turn.named.command;

/** @param signal aborted when the turn is over: the skill's run is stopped with it */
export async function runCommand(
  deps: StepDeps,
  run: StepRun,
  { turn, command }: { turn: Turn; command: NonNullable<NamedSkills['command']> },
  signal: AbortSignal,
): Promise<StepEnd> {
  const { executionId, step, attempt, mayDispatch } = run;
  const record = (type: 'user' | 'assistant', content: unknown[]) =>
    run.events.push({ kind: 'message', step: step.id, data: { type, message: { role: type, content } } });
  const gateway = openGateway(
    { ...deps, pool: turnPool(deps, { ...run, turn, signal }) },
    {
      executionId,
      stepId: step.id,
      attempt,
      signal,
      mayDispatch,
      tools: turnTools(turn),
      needsApproval: asksInTurn(run.mode, turn),
      onToolCall: (name, news) =>
        run.events.push({ kind: 'tool_call', step: step.id, data: { ...news, name } }),
    },
  );
  const toolUseId = `toolu_command_${turn.answerId}`;
  const name = formatToolName({ connection: ownServer, tool: runSkillName });
  record('user', turn.prompt);
  record('assistant', [{ type: 'tool_use', id: toolUseId, name, input: command }]);
  const call = { toolUseId, connection: ownServer, tool: runSkillName, args: { ...command } };
  const result = await gateway.callAsked(call);
  const content = apiContentOf(result);
  record('user', [{ type: 'tool_result', tool_use_id: toolUseId, content, is_error: result.isError }]);
  if (run.signal.aborted) return { usage: noUsage(), failure: stoppedFailure(run.signal.reason) };
  const said = result.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n\n');
  const output = said.trim() === '' ? `"${command.slug}" has run, and said nothing.` : said;
  run.events.push({ kind: 'delta', step: step.id, data: { text: output } });
  record('assistant', [{ type: 'text', text: output }]);
  return { usage: noUsage(), output };
}
