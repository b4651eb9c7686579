/** Which messages of a conversation that has become too long are summed up, and which go on as they are. */
import type { TurnMessage } from '../../executions/said-in-turn.ts';
import { tokensOf } from './tokens.ts';

/** What a turn goes on from, message by message: behind the summary before, where there is one. */
export type Earlier = {
  id: string;
  turn: number;
  role: 'user' | 'assistant';
  messages: readonly TurnMessage[];
};

export type Size = {
  /** What the next request would come to, in tokens: as the endpoint counted the last one, where it did. */
  tokens: number;
  /** Above this it is summed up, in tokens. */
  limit: number;
};

/** Of the limit, what the latest messages may take up and stay as they are. */
const keptShare = 1 / 4;

/**
 * The messages to sum up, oldest first, up to an answer; none while the conversation is short enough, or has no answer yet.
 *
 * @param isRefused an endpoint refused it for its length already: nothing is kept as it is
 */
export function whatToSumUp(
  earlier: readonly Earlier[],
  { tokens, limit }: Size,
  isRefused = false,
): Earlier[] {
  if (tokens <= limit && !isRefused) return [];
  const answers = earlier.flatMap(({ role }, at) => (role === 'assistant' ? [at] : []));
  // The latest answer up to which it may be; of several the older half at least, whatever the rest may weigh.
  const least = answers[Math.ceil(answers.length / 2) - 1];
  const most = answers.at(-1);
  if (least === undefined || most === undefined) return [];
  if (isRefused) return earlier.slice(0, most + 1);
  const until = answers.find(
    (at) =>
      at >= least && tokensOf(earlier.slice(at + 1).flatMap(({ messages }) => messages)) <= limit * keptShare,
  );
  return earlier.slice(0, (until ?? most) + 1);
}
