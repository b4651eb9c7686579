/**
 * What the agent's program says in the conversation by itself. None of it is the model's or the owner's: it is no output,
 * and who shows a conversation says whose words these are.
 */

/** A message of a conversation, as an agent gives it or as a session keeps it. */
export type SaidMessage = {
  type: string;
  message?: unknown;
  /** Of a user message: the program wrote it. */
  isSynthetic?: boolean | undefined;
};

export type Block = { type?: unknown; text?: unknown };

/** The blocks of what is said; none for a message in which nothing is. */
export function blocksIn(message: unknown): Block[] {
  const content = (message as { content?: unknown } | null | undefined)?.content;
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return Array.isArray(content) ? (content as Block[]) : [];
}

/** The model that the program names where it speaks in a model's place. */
const programModel = '<synthetic>';

/** Whether the agent's program wrote this message, and neither the model nor we. */
export const isProgramWords = ({ type, message, isSynthetic }: SaidMessage): boolean =>
  type === 'assistant'
    ? (message as { model?: unknown } | undefined)?.model === programModel
    : type === 'user' && isSynthetic === true;

/** What the program has the model say when a conversation is gone on with whose last words were a tool's. */
const nothingSaid = 'No response requested.';

type RequestMessage = { role: string; content?: unknown };

/**
 * The messages of a request without what the program has put into the model's mouth. What stood before and after it is one
 * message then, as an endpoint may want the two sides to take turns.
 */
export function withoutProgramWords<Message extends RequestMessage>(messages: readonly Message[]): Message[] {
  const kept: Message[] = [];
  let isGap = false;
  for (const message of messages) {
    if (isNothingSaid(message)) {
      isGap = true;
      continue;
    }
    const before = kept.at(-1);
    if (isGap && before?.role === 'user' && message.role === 'user')
      kept[kept.length - 1] = { ...before, content: [...blocksIn(before), ...blocksIn(message)] };
    else kept.push(message);
    isGap = false;
  }
  return kept;
}

function isNothingSaid(message: RequestMessage): boolean {
  if (message.role !== 'assistant') return false;
  const [block, ...others] = blocksIn(message);
  return others.length === 0 && block?.text === nothingSaid;
}

/**
 * What the program tells the model after an answer that it threw away or that was withheld. After every other answer that
 * was cut it asks the model to go on from where it stood.
 */
const discarding = [
  /^Your response above was stopped by a safety classifier/,
  /^The previous response failed to produce a valid tool call/,
];

/** Whether the program's words say that what the model said last does not count. */
export const discards = (words: unknown): boolean =>
  typeof words === 'string' && discarding.some((each) => each.test(words));
