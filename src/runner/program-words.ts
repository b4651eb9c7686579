/**
 * What the agent's program says in the conversation by itself. None of it is the model's or the owner's: it is no output,
 * and who shows a conversation says whose words these are.
 */
import type { SDKMessage } from '@anthropic-ai/claude-agent-sdk';

/** The model that the program names where it speaks in a model's place. */
const programModel = '<synthetic>';

/** Whether the agent's program wrote this message, and neither the model nor we. */
export const isProgramWords = (message: SDKMessage): boolean =>
  message.type === 'assistant'
    ? message.message.model === programModel
    : message.type === 'user' && message.isSynthetic === true;

/**
 * What the program tells the model after an answer that it threw away or that was withheld. After every other answer that
 * was cut it asks the model to go on from where it stood.
 */
const discarding = [
  /^Your response above was stopped by a safety classifier/,
  /^The previous response failed to produce a valid tool call/,
];

/** Whether the program's words say that what the model said last does not count. */
export const discards = (words: string): boolean => discarding.some((each) => each.test(words));
