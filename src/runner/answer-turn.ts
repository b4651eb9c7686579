/** A turn of a conversation: a step that sums up what was said before it, where that has become too long. */
import { readTurn, type Turn } from '../chat/read-turn.ts';
import { addUsage, noUsage } from '../contract/usage.ts';
import type { StepDeps, StepEnd, StepRun } from './step-run.ts';
import { sumUp, usedBefore } from './sum-up.ts';

type TurnRun = StepRun & { turn: Turn };
type Step = (run: StepRun) => Promise<StepEnd>;

/** @param step runs the turn as it stands */
export async function answerTurn(deps: StepDeps, run: TurnRun, step: Step): Promise<StepEnd> {
  // A worker died between the last word and the end: nobody is asked to say more.
  if (run.turn.whole !== undefined && run.resume === undefined)
    return { usage: noUsage(), output: run.turn.whole };
  const end = (await afterSummary(deps, run, step, false)) ?? (await step(run));
  if (!('failure' in end) || end.failure.code !== 'E_PROMPT_TOO_LONG') return end;
  // The model takes less than was thought, or the answer itself has become long: once more, with what it said so far.
  const used = usedBefore(run, end.usage);
  const again = await afterSummary(deps, { ...used, turn: await readAgain(deps, run) }, step, true);
  return again === undefined ? end : { ...again, usage: addUsage(end.usage, again.usage) };
}

/** @returns undefined where there was nothing to sum up */
async function afterSummary(
  deps: StepDeps,
  run: TurnRun,
  step: Step,
  isRefused: boolean,
): Promise<StepEnd | undefined> {
  const summed = await sumUp(deps, run, isRefused);
  if ('failure' in summed) return summed;
  if (!summed.isMade) return undefined;
  // The agent that was kept knows all that was said.
  deps.warm.drop(run.turn.conversationId);
  const end = await step({ ...usedBefore(run, summed.usage), turn: await readAgain(deps, run) });
  return { ...end, usage: addUsage(summed.usage, end.usage) };
}

async function readAgain(deps: StepDeps, { executionId, events, turn }: TurnRun): Promise<Turn> {
  await events.drain();
  const { conversationId, messageId, answerId } = turn;
  const mark = { conversationId, messageId, answerId };
  return (await readTurn(deps, { id: executionId, triggerDetail: mark })) ?? turn;
}
