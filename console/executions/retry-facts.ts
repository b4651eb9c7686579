/** What decides how an execution is run again. */
import type { Execution } from '../../src/contract/executions.ts';

/** The conversation that it was a turn of: a turn is tried again where it was said. */
export const turnIn = ({ trigger, triggerDetail }: Execution): string | undefined => {
  const { conversationId, answerId } = triggerDetail as { conversationId?: unknown; answerId?: unknown };
  return trigger === 'chat' && typeof conversationId === 'string' && answerId !== undefined
    ? conversationId
    : undefined;
};

/** How many steps were done before the first that was not. */
export function doneBefore({ steps }: Execution): number {
  const stopped = steps.findIndex(({ status }) => status !== 'done');
  return stopped === -1 ? steps.length : stopped;
}
