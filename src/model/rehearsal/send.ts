/** A turn of the rehearsal model in the Messages API's wire format, streamed or whole. No tokens were bought, so it counts none. */
import type { ServerResponse } from 'node:http';
import { sendJson } from '../proxy/answers.ts';
import type { ModelRequestBody } from '../proxy/request.ts';
import type { RehearsalTurn } from './rehearsal.ts';

const usage = {
  input_tokens: 0,
  output_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation_input_tokens: 0,
};

/** Answers `response` with `turn`. */
export function sendTurn(turn: RehearsalTurn, body: ModelRequestBody, response: ServerResponse): void {
  const content = [
    ...(turn.text === '' ? [] : [{ type: 'text', text: turn.text }]),
    ...turn.calls.map((call) => ({ type: 'tool_use', ...call })),
  ];
  const message = {
    id: `msg_rehearsal_${body.messages.length}`,
    type: 'message',
    role: 'assistant',
    model: body.model,
    content,
    stop_reason: turn.calls.length > 0 ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage,
  };
  if (body.stream !== true) {
    sendJson(response, 200, message);
    return;
  }
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  const event = (type: string, data: Record<string, unknown>) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  event('message_start', { message: { ...message, content: [], stop_reason: null } });
  content.forEach((block, index) => {
    const { empty, delta } = piecesOf(block);
    event('content_block_start', { index, content_block: { ...block, ...empty } });
    event('content_block_delta', { index, delta });
    event('content_block_stop', { index });
  });
  event('message_delta', { delta: { stop_reason: message.stop_reason, stop_sequence: null }, usage });
  event('message_stop', {});
  response.end();
}

type Block = { type: string; text?: string; input?: unknown };

const piecesOf = ({ type, text, input }: Block) =>
  type === 'text'
    ? { empty: { text: '' }, delta: { type: 'text_delta', text } }
    : { empty: { input: {} }, delta: { type: 'input_json_delta', partial_json: JSON.stringify(input) } };
