/** The branches of a conversation: a message that was edited, or answered again, begins another. */
import type { Message } from '../../src/contract/chat.ts';

type Messages = ReadonlyMap<string, Message>;

/** The messages from the beginning to `headId`, in order. */
export function branchOf(messages: Messages, headId: string | null): Message[] {
  const branch: Message[] = [];
  for (let at = headId === null ? undefined : messages.get(headId); at; ) {
    branch.push(at);
    at = at.parentId === null ? undefined : messages.get(at.parentId);
  }
  return branch.reverse();
}

/** The last message of the branch through `id` that was gone on with last. */
export function lastBehind(messages: Messages, id: string): string {
  const next = [...messages.values()].filter(({ parentId }) => parentId === id).sort(byTurn);
  const last = next.at(-1);
  return last === undefined ? id : lastBehind(messages, last.id);
}

const byTurn = (a: Message, b: Message): number => a.turn - b.turn;

/** The answers that are not over, in the order of their turns: the first is under way, all others wait. */
const openAnswers = (messages: Messages): Message[] =>
  [...messages.values()].filter(({ role, status }) => role === 'assistant' && !isOver(status)).sort(byTurn);

/** The answer under way, in whichever branch. */
export const underWay = (messages: Messages): Message | undefined => openAnswers(messages)[0];

/** The owner's messages whose answers wait for another to be over. */
export const waitingIn = (messages: Messages): ReadonlySet<string> =>
  new Set(
    openAnswers(messages)
      .slice(1)
      .flatMap(({ parentId }) => (parentId === null ? [] : [parentId])),
  );

export const isOver = (status: Message['status']): boolean =>
  status === 'done' || status === 'stopped' || status === 'failed';

/** What the answers of all branches cost, in dollars; undefined where nothing was paid for, null where a price is not known. */
export function costOf(messages: Messages): number | null | undefined {
  const paid = [...messages.values()].filter(
    ({ role, mode, costUsd, status }) =>
      role === 'assistant' && mode === 'live' && (costUsd !== null || isOver(status)),
  );
  if (paid.length === 0) return undefined;
  const isUnpriced = paid.some(({ costUsd, status }) => costUsd === null && status === 'done');
  return isUnpriced ? null : paid.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
}
