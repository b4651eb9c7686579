/** How the agent of a conversation goes from one turn to the next. */

import type { Agent } from '../agents/agent.ts';
import { sessionOf } from '../agents/history-session.ts';
import type { AgentSession } from '../agents/session-entries.ts';
import type { Turn } from '../chat/read-turn.ts';
import { readConfig } from '../config/read-config.ts';
import { timeNow } from '../kernel/clock.ts';
import type { ModelTicket } from '../model/tickets.ts';
import { Line } from './gateway-servers.ts';
import { asksFor } from './step-approvals.ts';
import type { StepDeps, StepRun } from './step-run.ts';
import type { StepTool } from './step-tools.ts';
import { asksInTurn, fitOf } from './turn-run.ts';

/**
 * Keeps the agent of a turn for the next one: until then it may ask the model for nothing, and call nothing.
 *
 * @throws what writing the record threw: an agent that knows more than the record is not gone on with
 */
export async function keepWarm(
  deps: StepDeps,
  run: StepRun,
  { agent, tools, line }: { agent: Agent; tools: readonly StepTool[]; line: Line },
  ticket: ModelTicket,
): Promise<boolean> {
  if (run.turn === undefined || run.signal.aborted) return false;
  await run.events.drain();
  const { chat_warm_minutes: minutes, chat_warm_agents: most } = await readConfig(
    deps.db.prisma,
    'chat_warm_minutes',
    'chat_warm_agents',
  );
  ticket.rest();
  line.answer = new Line().answer;
  const standing = standingOf(run, run.turn, run.turn.answerId, tools);
  const { promptOf } = run.turn;
  return deps.warm.keep(standing, { agent, line, promptOf }, { forMs: minutes * 60_000, most });
}

export const standingOf = (
  { shape }: StepRun,
  turn: Turn,
  after: string | null,
  tools: readonly StepTool[],
) => ({
  conversationId: turn.conversationId,
  // An answer that was cut off goes on from the record alone.
  after: turn.isGoneOnWith && after !== turn.answerId ? turn.answerId : after,
  fit: fitOf(shape, tools),
});

export const asksOf = ({ mode, step, turn }: StepRun) =>
  turn === undefined ? asksFor(mode, step.approval) : asksInTurn(mode, turn);

/** What was said in the conversation, for an agent that does not know it. */
export const historyOf = ({ turn, shape }: StepRun): AgentSession | undefined =>
  turn && sessionOf(turn.history, shape.model, timeNow());
