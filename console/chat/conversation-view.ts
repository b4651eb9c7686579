/** A conversation as it is shown: its messages as they were read, kept as they are by the events of its stream. */
import type {
  ChatApproval,
  ChatEvent,
  ChatToolCall,
  ConversationSummary,
  Message,
  MessagePart,
  WholeConversation,
} from '../../src/contract/chat.ts';

export type ConversationView = {
  messages: ReadonlyMap<string, Message>;
  /** The last message of the branch that is shown; null while nothing was said. */
  headId: string | null;
  lastEventId: string;
  /** What stands for earlier messages, for the model. */
  summaries: readonly ConversationSummary[];
  /** The answer before which so many messages are being summed up. */
  summingUp: { messageId: string; messages: number } | undefined;
};

export const viewOf = ({
  messages,
  headId,
  lastEventId,
  summaries,
}: WholeConversation): ConversationView => ({
  messages: new Map(messages.map((message) => [message.id, message])),
  headId,
  lastEventId,
  summaries,
  summingUp: undefined,
});

/** The conversation after more of its events. Messages that they do not touch stay the same objects. */
export function addEvents(view: ConversationView, events: readonly ChatEvent[]): ConversationView {
  const messages = new Map(view.messages);
  let { headId, lastEventId, summaries, summingUp } = view;
  for (const { id, event, data } of events) {
    lastEventId = id;
    if (event === 'message') {
      const { takenBack, ...message } = data;
      headId = headAfter(headId, messages, message, takenBack === true);
      if (takenBack) messages.delete(message.id);
      else messages.set(message.id, message);
      if (summingUp?.messageId === message.id) summingUp = undefined;
      continue;
    }
    if (event === 'summary') {
      const { summary, messageId } = data;
      summingUp = summary === null ? { messageId, messages: data.messages } : undefined;
      if (summary !== null && !summaries.some((one) => one.id === summary.id))
        summaries = [...summaries, summary];
      continue;
    }
    const before = messages.get(data.messageId);
    if (before) messages.set(before.id, withEvent(before, { id, event, data } as MessageEvent));
  }
  return { messages, headId, lastEventId, summaries, summingUp };
}

/** What is new is what was said last; what is taken back leaves what it followed. */
function headAfter(
  headId: string | null,
  messages: ReadonlyMap<string, Message>,
  { id, parentId }: Message,
  isTakenBack: boolean,
): string | null {
  if (!isTakenBack) return messages.has(id) ? headId : id;
  if (headId === id) return parentId;
  // The answer goes with the message that it would have followed, whichever of the two comes first.
  const head = headId === null ? undefined : messages.get(headId);
  return head?.parentId === id ? parentId : headId;
}

type MessageEvent = Exclude<ChatEvent, { event: 'message' | 'summary' }>;

function withEvent(message: Message, { event, data }: MessageEvent): Message {
  switch (event) {
    case 'delta':
      return { ...message, text: message.text + data.text, parts: withText(message.parts, data.text) };
    case 'tool_call':
      return { ...message, parts: withCall(message.parts, data) };
    case 'approval':
      return { ...message, approvals: withApproval(message.approvals, data) };
    case 'usage':
      return { ...message, costUsd: data.costUsd };
    case 'status':
      return {
        ...message,
        status: data.status,
        error: data.error ?? null,
        errorCode: data.errorCode ?? null,
      };
  }
}

function withText(parts: readonly MessagePart[], text: string): MessagePart[] {
  const last = parts.at(-1);
  return last?.type === 'text'
    ? [...parts.slice(0, -1), { type: 'text', text: last.text + text }]
    : [...parts, { type: 'text', text }];
}

function withCall(
  parts: readonly MessagePart[],
  { messageId: _, ...told }: ChatToolCall & { messageId: string },
): MessagePart[] {
  const isIt = (part: MessagePart) => part.type === 'tool_call' && part.call.id === told.id;
  if (!parts.some(isIt)) return [...parts, { type: 'tool_call', call: told }];
  return parts.map((part) =>
    part.type === 'tool_call' && isIt(part) ? { type: 'tool_call', call: merged(part.call, told) } : part,
  );
}

/** What is not told stays as it was. */
const merged = (before: ChatToolCall, told: ChatToolCall): ChatToolCall => ({
  ...before,
  ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined && value !== null)),
});

function withApproval(
  approvals: readonly ChatApproval[],
  { messageId: _, ...told }: ChatApproval & { messageId: string },
): ChatApproval[] {
  return approvals.some(({ id }) => id === told.id)
    ? approvals.map((one) => (one.id === told.id ? told : one))
    : [...approvals, told];
}
