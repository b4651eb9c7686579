/**
 * Long conversations. Before a turn whose request would be too long, its earlier messages are summed up, by a request of its
 * own that is priced and capped as the rest of the turn; the summary is kept, and stands in their place from then on. Why
 * this is not left to the agent's program: docs/decisions/0019-long-conversations.md.
 */
import type { Turn } from '../chat/read-turn.ts';
import { keepSummary } from '../chat/summary/keep-summary.ts';
import { textTokens } from '../chat/summary/tokens.ts';
import { transcriptOf } from '../chat/summary/transcript.ts';
import { whatToSumUp } from '../chat/summary/what-to-sum-up.ts';
import type { Usage } from '../contract/executions.ts';
import { addUsage, noUsage } from '../contract/usage.ts';
import { holdClaim } from '../executions/claims.ts';
import type { Failure } from '../kernel/failure.ts';
import { askSummarizer, type Summarizer } from './ask-summarizer.ts';
import type { StepDeps, StepRun } from './step-run.ts';

/** What a turn used before it began, and whether a summary was made for it. */
export type SummedUp = { usage: Usage; isMade: boolean } | { usage: Usage; failure: Failure };

/** Of the limit, what one request for a summary may hold: its answer needs room, too. */
const askedShare = 3 / 5;

/**
 * Sums up the earlier messages of a turn that would be too long, and writes down what they came to.
 *
 * @param isRefused an endpoint has refused the turn for its length
 * @throws ClaimLostError, and what keeps the record from being written
 */
export async function sumUp(
  deps: StepDeps,
  run: StepRun & { turn: Turn },
  isRefused: boolean,
): Promise<SummedUp> {
  const { turn } = run;
  const limit = turn.mostTokens;
  const nothing = { usage: noUsage(), isMade: false };
  // The rehearsal model reads the last message alone; a call that a person decided on goes on where it stood.
  if (run.mode !== 'live' || run.resume !== undefined) return nothing;
  const earlier = whatToSumUp(turn.earlier, { tokens: turn.tokens, limit }, isRefused);
  const last = earlier.at(-1);
  if (last === undefined) return nothing;
  const messages = earlier.length + (turn.summary?.messages ?? 0);
  const record = (data: Record<string, unknown>) =>
    run.events.push({ kind: 'message', step: run.step.id, data: { type: 'system', ...data } });
  record({ subtype: 'summing_up', messages });
  const most = (isRefused ? Math.min(limit, turn.tokens / 2) : limit) * askedShare;
  const parts = partsOf(
    earlier.map((each) => transcriptOf(each.messages)),
    most,
  );
  const summarizer: Summarizer = { deps, run, usage: noUsage() };
  const made = await summaryOf(summarizer, parts, turn.summary?.text);
  const { usage } = summarizer;
  if ('failure' in made) return { usage, failure: made.failure };
  const { executionId, workerId, redactor } = run;
  const { id } = await deps.db.transaction(async (tx) => {
    await holdClaim(tx, executionId, workerId);
    return await keepSummary(tx, {
      conversationId: turn.conversationId,
      executionId,
      messages,
      costUsd: usage.costUsd,
      untilId: last.id,
      untilTurn: last.turn,
      text: redactor.text(made.output),
    });
  });
  record({ subtype: 'summary', summaryId: id, messages });
  return { usage, isMade: true };
}

/** Neighbours together, as many as one request may hold; one that is longer alone. */
function partsOf(transcripts: readonly string[], mostTokens: number): string[] {
  const parts: string[] = [];
  for (const transcript of transcripts.filter((text) => text !== '')) {
    const last = parts.at(-1);
    const joined = last === undefined ? transcript : `${last}\n\n${transcript}`;
    if (last !== undefined && textTokens(joined) <= mostTokens) parts[parts.length - 1] = joined;
    else parts.push(transcript);
  }
  return parts;
}

/** Part by part, each with the summary of those before it. */
async function summaryOf(
  summarizer: Summarizer,
  parts: readonly string[],
  before: string | undefined,
): Promise<{ output: string } | { failure: Failure }> {
  let output = before;
  for (const part of parts) {
    const next = await askSummarizer(summarizer, part, output);
    if ('failure' in next) return next;
    ({ output } = next);
  }
  return { output: output ?? '' };
}

/** The turn as it is known behind what its summary has used. */
export const usedBefore = (run: StepRun, used: Usage): StepRun => ({
  ...run,
  onUsage: (usage) => run.onUsage(addUsage(used, usage)),
});
