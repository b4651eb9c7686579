/** A scripted turn in the Messages API's wire format, whole or as server-sent events (docs: "Streaming Messages"). */
import type { MessagesRequest, ScriptedBlock, ScriptedTurn, ScriptedUsage } from './messages-api-script.ts';

const defaultUsage: ScriptedUsage = {
  input_tokens: 100,
  output_tokens: 20,
  cache_read_input_tokens: 0,
  cache_creation_input_tokens: 0,
  ephemeral_5m_input_tokens: 0,
  ephemeral_1h_input_tokens: 0,
};

const contentOf = (turn: ScriptedTurn, { index }: MessagesRequest): Record<string, unknown>[] => {
  let calls = 0;
  return blocksOf(turn).map((block) => {
    if ('thinking' in block) return { type: 'thinking', thinking: block.thinking, signature: 'c2lnbmVk' };
    if ('text' in block) return { type: 'text', text: block.text };
    const { name, input, id = `toolu_${index}_${calls}` } = block.call;
    calls += 1;
    return { type: 'tool_use', id, name, input };
  });
};

const blocksOf = ({ content, thinking, text, toolCalls = [] }: ScriptedTurn): ScriptedBlock[] =>
  content ?? [
    ...(thinking === undefined ? [] : [{ thinking }]),
    ...(text === undefined ? [] : [{ text }]),
    ...toolCalls.map((call) => ({ call })),
  ];

const usageOf = (turn: ScriptedTurn) => {
  const usage = { ...defaultUsage, ...turn.usage };
  const { ephemeral_5m_input_tokens, ephemeral_1h_input_tokens, ...counts } = usage;
  return {
    ...counts,
    cache_creation: { ephemeral_5m_input_tokens, ephemeral_1h_input_tokens },
    service_tier: 'standard',
  };
};

const stopReasonOf = (turn: ScriptedTurn): string =>
  turn.stopReason ?? (blocksOf(turn).some((block) => 'call' in block) ? 'tool_use' : 'end_turn');

/** The body of an answer that is not streamed. */
export const messageOf = (turn: ScriptedTurn, request: MessagesRequest): Record<string, unknown> => ({
  id: `msg_scripted_${request.index}`,
  type: 'message',
  role: 'assistant',
  model: turn.model ?? request.body.model,
  content: contentOf(turn, request),
  stop_reason: stopReasonOf(turn),
  stop_sequence: null,
  usage: usageOf(turn),
});

const event = (type: string, data: Record<string, unknown>): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;

/** The events of a streamed answer, in order. */
export function messageEvents(turn: ScriptedTurn, request: MessagesRequest): string[] {
  const usage = usageOf(turn);
  const events = [
    event('message_start', {
      message: {
        ...messageOf(turn, request),
        content: [],
        stop_reason: null,
        usage: { ...usage, output_tokens: 1 },
      },
    }),
    event('ping', {}),
  ];
  contentOf(turn, request).forEach((block, index) => {
    events.push(...blockEvents(block, index));
  });
  events.push(
    event('message_delta', {
      delta: { stop_reason: stopReasonOf(turn), stop_sequence: null },
      usage: { output_tokens: usage.output_tokens },
    }),
    event('message_stop', {}),
  );
  return events;
}

function blockEvents(block: Record<string, unknown>, index: number): string[] {
  const start = (empty: Record<string, unknown>) =>
    event('content_block_start', { index, content_block: { ...block, ...empty } });
  const delta = (change: Record<string, unknown>) => event('content_block_delta', { index, delta: change });
  const stop = event('content_block_stop', { index });
  if (block.type === 'tool_use') {
    const parts = halves(JSON.stringify(block.input));
    return [
      start({ input: {} }),
      ...parts.map((partial_json) => delta({ type: 'input_json_delta', partial_json })),
      stop,
    ];
  }
  if (block.type === 'thinking') {
    return [
      start({ thinking: '', signature: '' }),
      delta({ type: 'thinking_delta', thinking: block.thinking }),
      delta({ type: 'signature_delta', signature: block.signature }),
      stop,
    ];
  }
  const parts = halves(String(block.text));
  return [start({ text: '' }), ...parts.map((text) => delta({ type: 'text_delta', text })), stop];
}

/** Text in two parts, as a real stream never comes in one. */
const halves = (text: string): string[] => {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((part) => part !== '');
};
