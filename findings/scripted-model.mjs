// A Messages endpoint as small as can be: the n-th request is answered with what `answer(n, body)` gives, streamed.
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';

export async function startModel(answer) {
  const requests = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const body = JSON.parse(text);
    requests.push(body);
    const { content, stop = 'end_turn' } = answer(requests.length, body);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (type, data) =>
      response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
    const usage = { input_tokens: 10, output_tokens: 5 };
    const message = { id: `msg_${requests.length}`, type: 'message', role: 'assistant', model: body.model };
    send('message_start', {
      message: { ...message, content: [], stop_reason: null, stop_sequence: null, usage },
    });
    content.forEach((block, index) => {
      const [empty, delta] = piecesOf(block);
      send('content_block_start', { index, content_block: { ...block, ...empty } });
      send('content_block_delta', { index, delta });
      if (block.type === 'thinking') {
        send('content_block_delta', { index, delta: { type: 'signature_delta', signature: 'c2ln' } });
      }
      send('content_block_stop', { index });
    });
    send('message_delta', { delta: { stop_reason: stop, stop_sequence: null }, usage });
    send('message_stop', {});
    response.end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, requests, close: () => server.close() };
}

function piecesOf(block) {
  if (block.type === 'text') return [{ text: '' }, { type: 'text_delta', text: block.text }];
  if (block.type === 'thinking')
    return [{ thinking: '' }, { type: 'thinking_delta', thinking: block.thinking }];
  return [{ input: {} }, { type: 'input_json_delta', partial_json: JSON.stringify(block.input) }];
}

export const text = (words) => ({ type: 'text', text: words });
export const thinking = (words) => ({ type: 'thinking', thinking: words });

/** One query of the Agent SDK against that endpoint, with no tools, files or settings of its own. */
export async function ask(answer, options = {}) {
  const { query } = await import('@anthropic-ai/claude-agent-sdk');
  const model = await startModel(answer);
  const home = mkdtempSync(`${process.cwd()}/home-`);
  const env = { PATH: process.env.PATH, HOME: home, CLAUDE_CONFIG_DIR: home, TMPDIR: home };
  const address = { ANTHROPIC_API_KEY: 'none', ANTHROPIC_BASE_URL: model.url };
  const messages = [];
  try {
    const quiet = { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' };
    const settings = {
      cwd: home,
      model: 'claude-sonnet-4-5',
      tools: [],
      settingSources: [],
      persistSession: false,
    };
    const all = { ...settings, permissionMode: 'dontAsk', env: { ...env, ...address, ...quiet }, ...options };
    for await (const message of query({ prompt: 'hello', options: all })) messages.push(message);
  } catch {
    // An error result is followed by a throw; the result has been seen.
  }
  model.close();
  return { result: messages.find(({ type }) => type === 'result'), requests: model.requests };
}
