/** What an answer came to, read from the events of its execution: also from those that a stop or a crash cut off. */
import type { ExecutionEvent } from '../contract/events.ts';

export type ContentBlock = Record<string, unknown> & { type: string };
/** A message of the Messages API. */
export type TurnMessage = { role: 'user' | 'assistant'; content: ContentBlock[] };

export type Said = {
  /** The deltas joined: what whoever watched has read. */
  text: string;
  /** What the conversation goes on from. */
  content: TurnMessage[];
  /** The model has come to the end of its answer: nothing is to be added to it. */
  isWhole: boolean;
};

/** Of the event that says so; it comes behind the last block, and before the agent has done with the answer. */
export const wholeAnswer = { type: 'system', subtype: 'answered' } as const;

type Event = Pick<ExecutionEvent, 'kind' | 'data'>;

/** What the model is told of a call whose answer never came. */
const unanswered = 'The answer was stopped before this call came back. It may have had its effect.';

/** Reads events in their order, as far as they go. */
export function saidInTurn(events: readonly Event[]): Said {
  let text = '';
  /** Streamed, and not confirmed by a whole block yet. */
  let open = '';
  const content: TurnMessage[] = [];
  let isWhole = false;
  for (const { kind, data } of events) {
    if (kind === 'delta') {
      isWhole = false;
      const piece = (data as { text: string }).text;
      text += piece;
      open += piece;
    }
    if (kind !== 'message') continue;
    const said = data as Record<'type' | 'subtype' | 'saidBy', unknown> & { message?: { content?: unknown } };
    if (said.saidBy === 'program') continue;
    if (said.type === wholeAnswer.type && said.subtype === wholeAnswer.subtype) isWhole = true;
    if (said.type === 'user' || said.type === 'assistant') isWhole = false;
    const blocks = blocksOf(said.message?.content);
    if (said.type === 'assistant') {
      // A block comes whole behind its deltas.
      if (blocks.some(({ type }) => type === 'text')) open = '';
      add(content, 'assistant', blocks.flatMap(keptOfAssistant));
    }
    // What else a user message holds is a prompt of ours, or the program's.
    if (said.type === 'user')
      add(
        content,
        'user',
        blocks.filter(({ type }) => type === 'tool_result'),
      );
  }
  // Whoever answers in one piece sends no deltas.
  if (text === '') text = textsOf(content).join('\n\n');
  if (open.trim() !== '') add(content, 'assistant', [{ type: 'text', text: open.trim() }]);
  return { text, content: answered(content), isWhole: isWhole && text.trim() !== '' };
}

const textsOf = (content: readonly TurnMessage[]): string[] =>
  content.flatMap(({ role, content: blocks }) =>
    role === 'assistant' ? blocks.flatMap(({ text }) => (typeof text === 'string' ? [text] : [])) : [],
  );

const blocksOf = (content: unknown): ContentBlock[] =>
  Array.isArray(content)
    ? content.filter(
        (block): block is ContentBlock => typeof block === 'object' && block !== null && 'type' in block,
      )
    : [];

/** Thoughts are not gone on with: they are signed, and good for their own answer alone. */
function keptOfAssistant(block: ContentBlock): ContentBlock[] {
  if (block.type === 'text' && typeof block.text === 'string' && block.text.trim() !== '')
    return [{ type: 'text', text: block.text }];
  if (block.type === 'tool_use')
    return [{ type: 'tool_use', id: block.id, name: block.name, input: block.input ?? {} }];
  return [];
}

/** The two sides take turns. */
function add(content: TurnMessage[], role: TurnMessage['role'], blocks: ContentBlock[]): void {
  if (blocks.length === 0) return;
  const last = content.at(-1);
  if (last?.role === role) last.content.push(...blocks);
  else content.push({ role, content: [...blocks] });
}

/** No call is left open: an endpoint takes no conversation with one. */
function answered(content: readonly TurnMessage[]): TurnMessage[] {
  const done = new Set(
    content.flatMap(({ content: blocks }) =>
      blocks.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : [])),
    ),
  );
  const whole: TurnMessage[] = [];
  for (const message of content) {
    const open = message.content.filter((block) => block.type === 'tool_use' && !done.has(block.id));
    add(whole, message.role, message.content);
    add(
      whole,
      'user',
      open.map(({ id }) => ({
        type: 'tool_result',
        tool_use_id: id,
        is_error: true,
        content: [{ type: 'text', text: unanswered }],
      })),
    );
  }
  // The answers to one message's calls come before anything else that the same message holds.
  return whole.map((message) =>
    message.role === 'user'
      ? {
          ...message,
          content: message.content.toSorted(
            (a, b) => Number(b.type === 'tool_result') - Number(a.type === 'tool_result'),
          ),
        }
      : message,
  );
}
