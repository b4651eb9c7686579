/** An answer in one piece: of a call that did not ask for a stream, or of an endpoint that has none. */
import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { z } from 'zod';
import { noTokens } from '../../money/token-count.ts';
import { modelFailure } from '../failures.ts';
import { readUsage } from '../usage.ts';
import { errorBody, sendError } from './answers.ts';
import { aboutCall, type Sending, type Upstream } from './call.ts';
import { parseJson, passedHeaders, readWhole } from './read.ts';
import { ownIdsIn } from './tool-ids.ts';
import { unanswered } from './unanswered.ts';

/** In bytes. */
const largestWhole = 64 * 1024 * 1024;

const answerSchema = z.looseObject({
  content: z.unknown().optional(),
  usage: z.unknown().optional(),
  stop_reason: z.string().nullish(),
});

export async function passWhole(
  answer: Dispatcher.ResponseData,
  upstream: Upstream,
  sending: Sending,
  response: ServerResponse,
): Promise<void> {
  let text: string;
  try {
    text = await readWhole(answer.body, largestWhole);
  } catch (error) {
    unanswered(error, upstream, sending, response);
    return;
  }
  const parsed = answerSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    const isJson = String(answer.headers['content-type']).startsWith('application/json');
    const failure = modelFailure(isJson ? 'brokenOff' : 'notMessagesApi', aboutCall(upstream, sending));
    sending.conclude({ tokens: noTokens, state: 'refused', stopReason: undefined, failure, timedOut: false });
    sendError(response, 502, errorBody(502, failure.message), { 'x-should-retry': String(isJson) });
    return;
  }
  const tokens = sending.path === '/v1/messages' ? readUsage(parsed.data.usage) : noTokens;
  sending.conclude({
    tokens,
    state: 'answered',
    stopReason: parsed.data.stop_reason ?? undefined,
    failure: undefined,
    timedOut: false,
  });
  response.writeHead(200, { ...passedHeaders(answer.headers), 'content-type': 'application/json' });
  response.end(withOwnIds(text, parsed.data, sending));
}

/** As it came, unless one of its tool calls has an id that an earlier call has. */
function withOwnIds(
  text: string,
  message: z.infer<typeof answerSchema>,
  { toolIds }: Pick<Sending, 'toolIds'>,
): string {
  if (!Array.isArray(message.content)) return text;
  const content = ownIdsIn(message.content, toolIds);
  return content === message.content ? text : JSON.stringify({ ...message, content });
}
